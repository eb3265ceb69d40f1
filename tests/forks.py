"""Processes that a test starts and kills: forked from one that has imported what they run, which else takes each a second."""

import multiprocessing

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["loaders.load", "tests.graph.loader", "tests.pushing"])
