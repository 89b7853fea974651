# The two commands are `make run` and `make test`. `make help` lists the others.
PLACE ?=
.DEFAULT_GOAL := help
.PHONY: help setup run test check bench clean lock
export PIP_DISABLE_PIP_VERSION_CHECK := 1
BIN := .venv/bin

help:
	@python3 tools/setup.py help

setup:
	@python3 tools/setup.py setup

run:
	@python3 tools/setup.py run
	@exec $(BIN)/gridward up $(if $(PLACE),"$(PLACE)")

test:
	@python3 tools/setup.py test
	@$(BIN)/python tools/verify.py all

check:
	@python3 tools/setup.py check
	@$(BIN)/python tools/verify.py fast

bench:
	@python3 tools/setup.py bench
	@$(BIN)/python -m tests.bench.engine $(if $(FULL),--full)

lock: # for maintainers: what pyproject.toml asks for, by hash, without naming an index; NEWEST=1 moves what is there
	@sh tools/relock $(if $(NEWEST),--upgrade)

clean:
	@rm -rf .venv build *.egg-info web/node_modules web/dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
