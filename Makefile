PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
# What this make is given must not decide what a project under rehearsal does by its own.
unexport PYTHON REPO TAG PYTHONS

.PHONY: help
help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /	/' | expand -t 14

$(VENV)/ready: tests/requirements.txt
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --only-binary :all: -r tests/requirements.txt
	$(BIN)/python -c "import pathlib, sysconfig; pathlib.Path(sysconfig.get_path('purelib'), 'tagship.pth').write_text('$(CURDIR)/src\n')"
	touch $@

.PHONY: lint
lint: $(VENV)/ready ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

.PHONY: test
test: lint ## lint, types and every test
	$(BIN)/pytest --numprocesses 2 --dist worksteal

.PHONY: laws
laws: $(VENV)/ready ## test the laws on new random values, where `make test` takes the same each time
	$(BIN)/pytest --numprocesses 2 --dist worksteal --hypothesis-profile=default tests/property

.PHONY: format
format: $(VENV)/ready ## format the sources
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: render
render: $(VENV)/ready ## write everything that is rendered from declarations
	$(BIN)/python -m tools.render

.PHONY: owner
owner: export OWNER := $(OWNER)
owner: $(VENV)/ready ## replace the placeholder OWNER everywhere: OWNER=name
	@printf '%s\n' "$$OWNER" | grep -Eqx '[A-Za-z0-9-]{1,39}' || { echo 'Set the owner on GitHub: make owner OWNER=name' >&2; exit 2; }
	git grep -lzE 'OWNER/(hello|tagship)' | xargs -0 perl -pi -e 's{\bOWNER/(?=(hello|tagship)\b)}{$$ENV{OWNER}/}g'
	perl -pi -e 's{\bOWNER\b}{$$ENV{OWNER}}g' .github/CODEOWNERS mkdocs.yml
	$(BIN)/ruff format --quiet .
	$(BIN)/ruff check --quiet --select E501 --add-noqa .
	$(BIN)/python -m tools.render

.PHONY: rehearse
rehearse: $(VENV)/ready ## rehearse a release: REPO=path TAG=v1.2.0, or the example
	$(BIN)/python -m tagship rehearse $(if $(REPO),"$(REPO)") $(if $(TAG),--tag "$(TAG)") $(foreach version,$(PYTHONS),--python $(version))

.PHONY: lock
lock: $(VENV)/ready ## resolve and lock every tier and the test tools again
	@for group in changelog restructuredtext abi3 github environments build lint full; do \
		UV_SYSTEM_CERTS=1 $(BIN)/uv pip compile --quiet --group $$group $(LOCK_OPTIONS) -o src/locks/$$group.txt || exit 1; \
	done
	UV_SYSTEM_CERTS=1 $(BIN)/uv pip compile --quiet --group dev $(LOCK_OPTIONS) -o tests/requirements.txt
	for group in audit fuzz; do \
		UV_SYSTEM_CERTS=1 $(BIN)/uv pip compile --quiet --group $$group $(LOCK_OPTIONS) -o tests/$$group/requirements.txt || exit 1; \
	done
LOCK_OPTIONS := --universal --generate-hashes --python-version 3.11 --only-binary :all: --no-annotate --no-header --no-emit-index-url --upgrade

.PHONY: audit
audit: ## look up the known vulnerabilities of every locked library
	$(PYTHON) -m venv --clear build/audit
	build/audit/bin/python -m pip install --quiet --require-hashes --no-deps --only-binary :all: -r tests/audit/requirements.txt
	@failed=0; for lock in src/locks/*.txt tests/requirements.txt tests/*/requirements.txt; do \
		echo "$$lock"; build/audit/bin/pip-audit --strict --require-hashes --disable-pip --progress-spinner off -r $$lock || failed=1; \
	done; exit $$failed

.PHONY: pins
pins: ## copy the pins of the workflows to the docs, to init and to the tests
	@grep -hoE '[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+@[0-9a-f]{40} # v[0-9.]+' .github/workflows/*.yml | sort -u | \
		sed -E 's,(.*)@(.*),s|\1@[0-9a-f]{40} # v[0-9.]+|\1@\2|g,' > .pins.sed
	@git grep -lE '@[0-9a-f]{40} # v[0-9]' -- ':!.github' | xargs sed -i.orig -E -f .pins.sed
	@rm .pins.sed && git ls-files --others '*.orig' | xargs rm -f

.PHONY: docs
docs: $(VENV)/ready ## build the documentation site into build/site
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

.PHONY: screenshots
screenshots: $(VENV)/ready ## take the screenshots of the docs again (requires Chromium)
	$(BIN)/python docs/screenshots.py

.PHONY: bench
bench: $(VENV)/ready ## print how fast it is, next to other programs
	@for program in benchmarks/*.py; do $(BIN)/python $$program || exit 1; done
