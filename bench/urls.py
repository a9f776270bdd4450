"""The portal's addresses and, before them, the floors."""

from django.urls import path

from bench import floors
from config.urls import urlpatterns as portal

urlpatterns = [
    path("bench/list/<int:programme>/", floors.list_floor),
    path("bench/detail/<int:measure>/", floors.detail_floor),
    path("bench/json/<int:programme>/", floors.json_floor),
    path("bench/aggregate/<int:programme>/<int:rows>/", floors.aggregate_floor),
    path("bench/edit/<int:measure>/", floors.edit_floor),
    path("bench/csv/<int:programme>/", floors.csv_floor),
    path("bench/render/<int:view>/", floors.render_floor),
    path("bench/forget/", floors.forget),
    *portal,
]
