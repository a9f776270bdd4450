// Makes a chart interactive when it is touched. The SVG is the chart; Plotly only takes its place, and when
// Plotly cannot be had the SVG simply stays. Delegated events: charts that htmx brings in need no start-up.

const ROLES = {
  confirmed: "confirmed", actual: "confirmed", total: "confirmed", forecast: "confirmed", part1: "confirmed",
  claimed: "claimed", step: "claimed", saving: "claimed", plan: "claimed", plan_approved: "claimed", part2: "claimed",
  range: "soft", band: "soft", undecided: "soft", part3: "soft",
  base: "pale", part6: "pale",
  investment: "gold", target: "gold", part4: "gold",
  reference: "grey", peer: "grey", refused: "grey", part5: "grey",
};

const WORDS = {
  fi: {
    "Zoom": "Zoomaa", "Pan": "Siirrä", "Zoom in": "Lähennä", "Zoom out": "Loitonna", "Reset axes": "Palauta akselit",
    "Reset": "Palauta", "Download plot as a PNG": "Lataa kuva (PNG)", "Download plot": "Lataa kuva",
    "Double-click to zoom back out": "Palaa kaksoisnapsauttamalla",
    "Toggle Spike Lines": "Apuviivat", "Show closest data on hover": "Näytä lähin arvo",
    "Compare data on hover": "Vertaa arvoja",
  },
  sv: {
    "Zoom": "Zooma", "Pan": "Flytta", "Zoom in": "Zooma in", "Zoom out": "Zooma ut", "Reset axes": "Återställ axlarna",
    "Reset": "Återställ", "Download plot as a PNG": "Ladda ner bilden (PNG)", "Download plot": "Ladda ner bilden",
    "Double-click to zoom back out": "Dubbelklicka för att gå tillbaka",
    "Toggle Spike Lines": "Hjälplinjer", "Show closest data on hover": "Visa närmaste värde",
    "Compare data on hover": "Jämför värden",
  },
};

// The bundle also brings the styles of its maps, which no chart here uses. It looks for this id before writing them.
const MAP_STYLE_ID = "9f215cf04c5486422605d13261cb87401f4e7763b6296af81e98efbc0130da53";

let library;

function loadPlotly(figure) {
  library ??= new Promise((resolve, reject) => {
    // Plotly would write its own style element, which the page's policy refuses; this one has its id.
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.id = "plotly.js-style-global";
    style.className = "no-inline-styles";
    style.href = figure.dataset.plotlyCss;
    const maps = document.createElement("template");
    maps.id = MAP_STYLE_ID;
    document.head.append(style, maps);
    const script = document.createElement("script");
    script.src = figure.dataset.plotlyJs;
    script.onload = () => (window.Plotly ? resolve(register(window.Plotly)) : reject(new Error("no Plotly")));
    script.onerror = () => {
      library = undefined;
      script.remove();
      style.remove();
      maps.remove();
      reject(new Error("Plotly did not load"));
    };
    document.head.append(script);
  });
  return library;
}

function register(Plotly) {
  for (const [name, dictionary] of Object.entries(WORDS)) {
    Plotly.register({ moduleType: "locale", name, dictionary, format: {} });
  }
  return Plotly;
}

async function figureData(figure) {
  if (figure.dataset.chartSrc) {
    const answer = await fetch(figure.dataset.chartSrc, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`chart data: ${answer.status}`);
    return answer.json();
  }
  return JSON.parse(figure.querySelector("template[data-chart-json]").content.textContent);
}

function themed(figure, chart) {
  const style = getComputedStyle(figure);
  const colour = (name) => style.getPropertyValue(`--chart-${name}`).trim();
  const ofRole = (role) => (ROLES[role] ? colour(ROLES[role]) : undefined);
  for (const trace of chart.data) {
    if (trace.meta?.roles) trace.marker.color = trace.meta.roles.map(ofRole);
    const own = ofRole(trace.meta?.role);
    if (!own) continue;
    if (trace.line) trace.line.color = own;
    if (trace.fillcolor) trace.fillcolor = translucent(own);
    if (trace.marker && trace.marker.color !== "rgba(0,0,0,0)") {
      trace.marker.color = trace.meta.role === "forecast" ? colour("soft") : own;
    }
    if (trace.marker?.line?.color) trace.marker.line.color = colour("claimed");
  }
  const { layout } = chart;
  layout.font.color = colour("muted");
  layout.hoverlabel = { bgcolor: colour("surface"), bordercolor: colour("axis"), font: { color: colour("ink") } };
  for (const axis of [layout.xaxis, layout.yaxis]) {
    axis.gridcolor = colour("grid");
    axis.zerolinecolor = colour("axis");
  }
  for (const shape of layout.shapes) if (shape.type === "rect") shape.fillcolor = colour("pale");
  for (const note of layout.annotations) note.font.color = colour("ink");
  if (layout.legend) layout.legend.font.color = colour("ink");
  return chart;
}

function translucent(colour) {
  const parts = /^#(..)(..)(..)$/.exec(colour);
  return parts ? `rgba(${parts.slice(1).map((hex) => parseInt(hex, 16)).join(",")},0.5)` : colour;
}

async function draw(figure) {
  if (figure.dataset.chartState) return;
  figure.dataset.chartState = "loading";
  const plot = figure.querySelector(".chart-plot");
  try {
    const [Plotly, chart] = await Promise.all([loadPlotly(figure), figureData(figure)]);
    const height = Math.max(figure.querySelector(".chart-body").offsetHeight, 320);
    const { data, layout, config } = themed(figure, chart);
    plot.hidden = false;
    await Plotly.newPlot(plot, data, { ...layout, height, autosize: true }, config);
    figure.dataset.chartState = "drawn";
    Plotly.Plots.resize(plot);
    figure.querySelector("[data-chart-explore]").hidden = true;
  } catch (problem) {
    plot.hidden = true;
    figure.dataset.chartState = "";
    figure.dataset.chartFailed = "1";
    console.warn(String(problem));
  }
}

function wanted(event) {
  const figure = event.target.closest?.("figure[data-chart]");
  return figure && !figure.dataset.chartFailed ? figure : null;
}

document.addEventListener("click", (event) => {
  const figure = event.target.closest?.("[data-chart-explore]")?.closest("figure[data-chart]");
  if (figure) {
    delete figure.dataset.chartFailed;
    draw(figure);
  }
});

// A mouse that rests on a chart wants its values; passing over it does not.
let resting;
document.addEventListener("pointerover", (event) => {
  clearTimeout(resting);
  const figure = event.pointerType === "mouse" && event.target.closest?.(".chart-body") ? wanted(event) : null;
  if (figure) resting = setTimeout(() => draw(figure), 250);
});

function showButtons(root) {
  for (const button of root.querySelectorAll?.("[data-chart-explore]") ?? []) {
    if (!button.closest("figure").dataset.chartState) button.hidden = false;
  }
}
showButtons(document);
document.addEventListener("htmx:load", (event) => showButtons(event.target));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  for (const figure of document.querySelectorAll("figure[data-chart-state=drawn]")) {
    figure.dataset.chartState = "";
    draw(figure);
  }
});

// When nothing else is going on, fetch the library ahead of the first touch, where data costs nothing.
function fetchAhead() {
  const figure = document.querySelector("figure[data-chart]");
  if (!figure || navigator.connection?.saveData || innerWidth < 900) return;
  const link = document.createElement("link");
  link.rel = "prefetch";
  link.href = figure.dataset.plotlyJs;
  document.head.append(link);
}
(window.requestIdleCallback ?? ((act) => setTimeout(act, 3000)))(fetchAhead, { timeout: 10000 });
