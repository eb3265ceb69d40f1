"""The network canvas: our own component on Cytoscape.js, its contract, its offline copies."""
