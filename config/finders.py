"""Browser files that live inside installed Python packages and belong to no Django app."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage

#: Static path -> package and file in it.
FILES = {
    "vendor/plotly.min.js": ("plotly", "package_data/plotly.min.js"),
    "vendor/source-sans-regular.otf": ("font_source_sans_pro", "files/SourceSansPro-Regular.otf"),
    "vendor/source-sans-semibold.otf": ("font_source_sans_pro", "files/SourceSansPro-Semibold.otf"),
}


def package_file(package: str, path: str) -> Path:
    """The file inside the installed package, found without importing it."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"The package {package} is not installed.")
    return Path(spec.origin).parent / path


class _OneFile(FileSystemStorage):
    """A storage in which one file goes by the name it is served under."""

    prefix = ""

    def __init__(self, name: str, path: Path) -> None:
        super().__init__(location=str(path.parent))
        self.served_as, self.file = name, path

    def path(self, name: str) -> str:
        return str(self.file)


class PackageFileFinder(BaseFinder):
    """Finds the files of FILES."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.storages = {name: _OneFile(name, package_file(*place)) for name, place in FILES.items()}

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        storage = self.storages.get(path)
        if storage is None:
            return [] if find_all else None
        return [str(storage.file)] if find_all else str(storage.file)

    def list(self, ignore_patterns: Any) -> Any:
        for name, storage in self.storages.items():
            if not matches_patterns(name, ignore_patterns):
                yield name, storage
