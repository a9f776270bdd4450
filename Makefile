help:
	@echo "make run | test | check"
