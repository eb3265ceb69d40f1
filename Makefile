# Two commands matter: `make demo` and `make test`. Both set up what they need.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501
CANVAS := dashboards/canvas
FONTS := casework/fonts

.PHONY: help env demo test check lint types imports format docs lock clean system neo4j neo4j-stop

help:
	@sed -n 's/^\([a-z][a-z0-9-]*\):.*## /  make \1\t/p' Makefile

env: $(VENV)/ready $(CANVAS)/dist/LICENCES.txt $(FONTS)/dist/LICENCES.txt ## set up .venv with the locked dependencies, the huancha command, the canvas and the fonts

$(VENV)/ready: requirements.txt pyproject.toml
	PYTHON=$(PYTHON) bash tools/make_env.sh $(VENV)
	@touch $@

$(CANVAS)/dist/LICENCES.txt: $(VENV)/ready $(wildcard $(CANVAS)/src/*) $(CANVAS)/package-lock.json $(CANVAS)/build.mjs
	@bash tools/make_canvas.sh $(VENV)

$(FONTS)/dist/LICENCES.txt: $(VENV)/ready $(FONTS)/package-lock.json tools/lay_fonts.py
	@bash tools/make_fonts.sh $(VENV)

demo: env ## a synthetic office end to end, ending with the dashboard on 127.0.0.1
	@$(BIN)/huancha demo --port $(PORT)

test: env system ## every test, the real browser included
	$(BIN)/python -m pytest -q -n 3 --dist worksteal

system: ## what the tests need from the system: chromium, Chinese fonts, Java, Maven and PostgreSQL
	@bash tools/system_packages.sh

neo4j: env ## a Neo4j on loopback for a developer; says its address and password
	@$(BIN)/python -m tools.neo4j start

neo4j-stop: env ## end it and remove its data
	@$(BIN)/python -m tools.neo4j stop

check: lint types imports ## ruff, mypy strict, import directions

lint: env
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: env
	$(BIN)/mypy

imports: env
	$(BIN)/lint-imports

format: env ## rewrite the code in the house format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: ## resolve the dependencies again (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --extra dev \
	  --no-annotate --no-header pyproject.toml -o requirements.txt

docs: env ## write docs/motifs.md from the motifs, docs/law.md from the packs of law, and the receiver's OpenAPI document
	$(BIN)/python -m tools.motif_docs
	$(BIN)/python -m tools.law_docs
	$(BIN)/python -m tools.receiver_docs

clean: ## remove the environment and the demo
	rm -rf $(VENV) demo $(CANVAS)/dist $(FONTS)/dist
