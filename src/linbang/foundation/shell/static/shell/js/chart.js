// Draw <figure data-behaviour="chart"> with ECharts on canvas; the table behind it stays.
// Redrawn when theme, text size or width changes, since a canvas keeps its old colours.
const drawn = new Map();
let library;

function load(source) {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = source;
    script.onload = () => resolve(window.echarts);
    script.onerror = reject;
    document.head.append(script);
  });
  return library;
}

function look() {
  const style = getComputedStyle(document.documentElement);
  const token = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    size: parseFloat(style.fontSize) * 0.8125,
    font: getComputedStyle(document.body).fontFamily,
    ink: token("ink"), ink2: token("ink-2"), line: token("line"), surface: token("surface"),
    palette: ["accent", "jade", "gold", "blue", "grey"].map(token),
  };
}

function axes(spec, l, box) {
  const label = { color: l.ink2, fontSize: l.size };
  return {
    grid: { left: 4, right: 8, top: spec.series.length > 1 ? legendHeight(spec.series.map((one) => one.name), l, box) + l.size : l.size, bottom: 4, containLabel: true },
    xAxis: { type: "category", data: spec.labels, axisLabel: label, axisLine: { lineStyle: { color: l.line } }, axisTick: { show: false } },
    yAxis: { type: "value", axisLabel: label, splitLine: { lineStyle: { color: l.line } }, minInterval: 1 },
  };
}

// How high a legend will be that wraps into this box; a Latin letter is narrower than a character.
function legendHeight(names, l, box) {
  const width = (name) => [...name].reduce((sum, c) => sum + (c > "\u2e80" ? 1 : 0.6), 2.5);
  const perRow = Math.max(1, Math.floor(box.clientWidth / (Math.max(...names.map(width)) * l.size)));
  return Math.ceil(names.length / perRow) * l.size * 2.1;
}

// The legend below takes as many rows as it needs; the ring has what is left.
function pie(spec, l, box) {
  const room = box.clientHeight - legendHeight(spec.labels, l, box);
  const outer = Math.min(room, box.clientWidth) / 2 - 4;
  return [{
    type: "pie", radius: [outer * 0.62, outer], center: ["50%", room / 2], label: { show: false },
    data: spec.labels.map((name, i) => ({ name, value: spec.series[0].values[i] })),
    itemStyle: { borderColor: l.surface, borderWidth: 2 },
  }];
}

function series(spec, l, box) {
  if (spec.kind === "pie") return pie(spec, l, box);
  return spec.series.map((one) => ({
    name: one.name, type: one.kind ?? spec.kind, data: one.values, smooth: true, barMaxWidth: l.size * 1.75,
    symbolSize: 7, lineStyle: { width: 2.5 }, itemStyle: { borderRadius: [4, 4, 0, 0] },
  }));
}

function option(spec, box) {
  const l = look();
  const text = { color: l.ink, fontSize: l.size, fontFamily: l.font };
  const isPie = spec.kind === "pie";
  return {
    animation: false, color: l.palette, textStyle: text,
    aria: { enabled: true, decal: { show: false } },
    legend: { show: isPie || spec.series.length > 1, [isPie ? "bottom" : "top"]: 0, textStyle: text, itemWidth: l.size, itemHeight: l.size * 0.75, itemGap: l.size },
    tooltip: { trigger: isPie ? "item" : "axis", renderMode: "richText", backgroundColor: l.surface, borderColor: l.line, textStyle: text, valueFormatter: (value) => `${value} ${spec.unit}` },
    ...(isPie ? {} : axes(spec, l, box)),
    series: series(spec, l, box),
  };
}

function draw(figure, echarts) {
  const canvas = figure.querySelector(".chart__canvas");
  const first = canvas.hidden;
  canvas.hidden = false;
  if (first) figure.querySelector("details").open = false;
  drawn.get(figure)?.dispose();
  const chart = echarts.init(canvas, null, { renderer: "canvas" });
  chart.setOption(option(JSON.parse(document.getElementById(figure.dataset.spec).textContent), canvas));
  drawn.set(figure, chart);
}

function drawAll() {
  for (const figure of [...drawn.keys()].filter((one) => !one.isConnected)) {
    drawn.get(figure).dispose();
    drawn.delete(figure);
  }
  for (const figure of document.querySelectorAll("[data-behaviour~=chart]")) {
    load(figure.dataset.library).then((echarts) => draw(figure, echarts));
  }
}

drawAll();
document.addEventListener("lb:appearance", drawAll);
document.addEventListener("htmx:afterSwap", drawAll);

let waiting;
addEventListener("resize", () => {
  clearTimeout(waiting);
  waiting = setTimeout(drawAll, 200);
});
