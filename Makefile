# make book    build the site into _build/html; a warning or a failing notebook fails it
# make student the edition without solutions into dist/student; make book STUDENT=1 builds its site
# make test    everything: unit tests, strict build, browser, notebooks with Colab's versions
# See README.md for the others.

PYTHON ?= python3
# Where pip finds torch. Empty: the default build. A Linux machine without a GPU saves gigabytes with the CPU index
# that PyTorch's install page names.
TORCH_INDEX ?=
PORT ?= 8000
# STUDENT=1: the site of the student edition.
STUDENT ?=
# make calibrate CHAPTERS="02-vae": these chapters only.
CHAPTERS ?=

TORCH := $(shell sed -n 's/^torch==.*/&/p' requirements.txt)
PIP_TORCH := $(TORCH) $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX))
SAY := @printf '\033[1m%s\033[0m\n'

PACKAGE := $(shell find course_utils -type f -not -path '*/__pycache__/*')
BOOK := Makefile _config.yml _toc.yml $(shell find book -type f -not -path '*/node_modules/*' -not -path '*/.*' -not -path '*/__pycache__/*')

SITE := $(if $(filter 1,$(STUDENT)),_build/student,_build)

export PYTHONUTF8 = 1
BIN = $(CURDIR)/.venv/bin
COLAB = $(CURDIR)/.venv-colab/bin

.PHONY: FORCE book student test test-fast calibrate bench cover serve lab repo clean
.DELETE_ON_ERROR:

book: $(SITE)/built

student: .venv/ready
	$(SAY) "Writing the student edition into dist/student"
	$(BIN)/python -m tools.student.edition

test: .venv/ready .venv-colab/ready _build/built _build/student/built
	$(SAY) "Checking style, running all tests"
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/python -m pytest --durations=30 course_utils tests

test-fast: .venv/ready
	$(SAY) "Running the tests that need neither the built site nor an executed notebook"
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/python -m pytest course_utils tests -m "not slow"

calibrate: .venv/ready
	$(SAY) "Running notebooks with five seeds"
	$(BIN)/python -m tools.calibrate $(CHAPTERS)

bench: _build/built
	$(SAY) "Measuring how long a slider, a drag, a table of scores, a game, heartbeats and a spiral take (see benchmarks/README.md)"
	$(BIN)/python -m benchmarks.sliders
	$(BIN)/python -m benchmarks.flow
	$(BIN)/python -m benchmarks.scores
	$(BIN)/python -m benchmarks.game
	$(BIN)/python -m benchmarks.heartbeats
	$(BIN)/python -m benchmarks.spiral

cover: .venv/ready
	$(BIN)/python -m tools.cover

serve: $(SITE)/built
	$(SAY) "Serving $(SITE)/html at http://localhost:$(PORT)"
	$(BIN)/python -m http.server $(PORT) --directory $(SITE)/html --bind 127.0.0.1

lab: .venv/ready
	$(BIN)/jupyter lab --notebook-dir book

repo: .venv/ready
	$(BIN)/python -m tools.repo "$(URL)"

clean:
	rm -rf _build dist build .venv .venv-colab book/_web/node_modules *.egg-info .pytest_cache .hypothesis .ruff_cache

# Rewritten when a file comes or goes, so that a deletion is noticed too.
_build/files: FORCE
	@mkdir -p _build && printf '%s\n' $(sort $(PACKAGE) $(BOOK)) > $@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@

_build/built: .venv/ready book/_web/node_modules/.package-lock.json _build/files $(PACKAGE) $(BOOK)
	$(SAY) "Building the book into _build/html"
	@rm -f $@
	COURSE_STRICT=1 $(BIN)/jupyter-book build --all -W --keep-going .
	@touch $@

# Its own folder and its own cache; the outputs are those of the book.
_build/student/built: _build/built $(wildcard tools/*.py tools/student/*.py tools/student/*.md) | student
	$(SAY) "Building the student site into _build/student/html"
	$(BIN)/python -m tools.student.site
	COURSE_STRICT=1 $(BIN)/jupyter-book build --all -W --keep-going _build/student
	@mv _build/student/_build/html _build/student/html
	@touch $@

.venv/ready: requirements.txt pyproject.toml
	@$(PYTHON) tools/check_python.py
	$(SAY) "Setting up .venv with the pinned versions (several minutes, once)"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet $(PIP_TORCH)
	$(BIN)/python -m pip install --quiet -r requirements.txt
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	@touch $@

.venv-colab/ready: requirements-colab.txt requirements.txt pyproject.toml
	@$(PYTHON) tools/check_python.py
	$(SAY) "Setting up .venv-colab with the versions that Colab has (several minutes, once)"
	$(PYTHON) -m venv .venv-colab
	$(COLAB)/python -m pip install --quiet --upgrade pip
	$(COLAB)/python -m pip install --quiet $(PIP_TORCH)
	$(COLAB)/python -m pip install --quiet -r requirements-colab.txt
	@touch $@

book/_web/node_modules/.package-lock.json: book/_web/package.json book/_web/package-lock.json | .venv/ready
	$(SAY) "Installing what the site needs from npm"
	PATH="$(BIN):$$PATH" $(BIN)/npm ci --prefix book/_web --ignore-scripts --no-audit --no-fund
	@touch $@
