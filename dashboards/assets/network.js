(function () {
  var dark = window.matchMedia && window.matchMedia("(prefers-color-scheme: dark)").matches;
  if (dark) network.setOptions({ nodes: { font: { color: "#e4eaf1", strokeColor: "#19232e" } } });
  network.on("afterDrawing", function (context) {
    var places = network.getPositions();
    context.textAlign = "center";
    context.textBaseline = "middle";
    nodes.forEach(function (node) {
      if (!node.letter) return;
      var at = places[node.id];
      var lower = node.shape === "triangle" ? node.size * 0.22 : 0;
      context.font = "600 " + Math.round(node.size * 0.95) + "px " + FONT;
      context.fillStyle = node.pale ? "#1c2733" : "#ffffff";
      context.fillText(node.letter, at.x, at.y + lower);
    });
  });
  function fit() { 
    network.fit({ animation: false, maxZoomLevel: 1.2 });
    network.moveTo({ scale: network.getScale() * 0.92, offset: { x: 0, y: -22 } });
  }
  fit();
  window.addEventListener("resize", fit);
  document.body.dataset.stable = String(nodes.length);
})();
