# Everything a developer or CI runs. A fresh clone needs Python 3.10+, make and Node; the rest is installed into .venv.
#   make run [ARGS='--port 7001']   install and open the dashboard on sample_runs/
#   make test [ARGS='-k writer']    install, lint and pass all tests
#   make bench                      measure against the rivals
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
TSC := npm exec --yes --package=typescript@5.9.3 -- tsc
PACKAGES := logger profiler projector webapp
# As pip does for a wheel: where PYTHONDONTWRITEBYTECODE is set every start would compile all modules.
COMPILE = @$(BIN)/python -m compileall -q $(PACKAGES)
KERNELS := from stepscope.logger.reader import compiled as decoder; \
	from stepscope.logger.compare import series_compiled as series, statistics; from stepscope.webapp import reduce; \
	from stepscope.projector import methods; from stepscope.profiler.analysis import compiled as analyses; \
	from stepscope.profiler.reading import compiled as traces; \
	from stepscope.profiler.snapshots import unpickling; from stepscope.profiler.xspace import messages; \
	[each.kernels() for each in (decoder, reduce, series, statistics, traces, unpickling, messages)]; \
	methods.warm_up(); analyses.warm_up()
# Where several processes are the first to need them, each would compile them.
COMPILE_KERNELS = @echo "compiling what must be fast, once" && $(BIN)/python -c '$(KERNELS)'
ARGS ?=

.PHONY: run test lint format bench samples clean

# Small enough for a first look: no torch, no test tools.
$(VENV)/run.stamp: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable .
	$(COMPILE)
	@echo "compiling the event decoder, the reductions, the statistics, the projections and the analyses, once"
	$(BIN)/python -c '$(KERNELS)'
	@touch $@

$(VENV)/dev.stamp: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev,torch]'
	$(COMPILE)
	$(COMPILE_KERNELS)
	@touch $@

run: $(VENV)/run.stamp
	$(BIN)/dashboard --logdir sample_runs/logs $(ARGS)

# Some tests measure time and others share the machine with them: what fails is tried once more, and listed.
test: $(VENV)/dev.stamp lint
	$(BIN)/python tests/browser/find_chromium.py
	node --test tests/web/*.test.js
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --reruns 1 $(ARGS)

# mypy wants the packages where they are imported from: a folder of links named stepscope.
lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@mkdir -p $(VENV)/tree/stepscope
	@for package in $(PACKAGES); do ln -sfn "$(CURDIR)/$$package" $(VENV)/tree/stepscope/$$package; done
	MYPYPATH=$(VENV)/tree $(BIN)/mypy $(addprefix -p stepscope.,$(PACKAGES))
	$(TSC) -p webapp/static/jsconfig.json

format: $(VENV)/dev.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/dev.stamp
	$(BIN)/python -m benchmarks $(ARGS)

# Rewrites the committed event files of sample_runs/.
samples: $(VENV)/dev.stamp
	$(BIN)/python -m sample_runs sample_runs/logs

clean:
	rm -rf $(VENV) build *.egg-info
