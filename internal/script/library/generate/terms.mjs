// Names of people, currencies, languages and colours.
import { createRequire } from "node:module";
import { dictionary, list, words } from "./lines.mjs";

const require = createRequire(import.meta.url);
const { fractions, region: tenders } = require("cldr-core/supplemental/currencyData.json").supplemental.currencyData;
const russianMoney = require("cldr-numbers-full/main/ru/currencies.json").main.ru.numbers.currencies;
const englishMoney = require("cldr-numbers-full/main/en/currencies.json").main.en.numbers.currencies;
const russian = require("cldr-localenames-full/main/ru/languages.json").main.ru.localeDisplayNames.languages;
const english = require("cldr-localenames-full/main/en/languages.json").main.en.localeDisplayNames.languages;

// A full name owns its word; a fond form that is no full name is a row of its
// own for each full name, the commonest (first in the list) first.
function namesInRussian() {
  const people = words("names-ru.txt").map((line) => {
    const [head, short] = line.split(":");
    const [sex, ...full] = head.trim().split(" ");
    return { sex, full: full.join(" "), short: list(short) };
  });
  const rows = [];
  const seen = new Set();
  const add = (said, value) => {
    if (seen.has(said)) return;
    seen.add(said);
    rows.push({ names: [said], value });
  };
  for (const p of people) add(p.full, { name: p.full, full: p.full, diminutive: p.short[0] || "", sex: p.sex });
  for (const p of people) {
    for (const s of p.short) add(s, { name: s, full: p.full, diminutive: s, sex: p.sex });
  }
  dictionary("namesRu/names-ru.csv", rows);
}

function namesInEnglish() {
  const rows = [];
  const seen = new Set();
  for (const line of words("names-en.txt")) {
    const [sex, names] = line.split(":");
    for (const name of names.trim().split(" ")) {
      if (!seen.has(name)) rows.push({ names: [name], value: { name, sex } });
      seen.add(name);
    }
  }
  dictionary("namesEn/names-En.csv", rows);
}

const part = (code) => ({ 0: "", 2: "0,01", 3: "0,001" })[(fractions[code] || fractions.DEFAULT)._digits] ?? "0,01";

// Public bots name rows by these numbers.
const fixed = { EUR: 1, USD: 2, RUB: 27 };

// "австралийский доллар" is also said "доллар австралийский".
function orders(name) {
  const [head, ...rest] = name.split(" ");
  const turned = rest.length && /(ий|ый|ой|ая|ое)$/.test(head) ? [[...rest, head].join(" ")] : [];
  return [name, ...turned].flatMap((n) => [n, n.replace(/-/g, " ")]);
}

function currencies() {
  const ours = words("currencies.txt").map((line) => line.split(";"));
  const detail = new Map(ours.map(([code, coin, ru, en]) => [code, { coin, names: [...list(ru), ...list(en)] }]));
  const now = new Set(Object.values(tenders).flat().flatMap((use) => Object.entries(use))
    .filter(([, use]) => !use._to && use._tender !== "false").map(([code]) => code));
  const inUse = Object.keys(russianMoney).filter((code) => now.has(code));
  const order = [...detail.keys(), ...inUse.filter((code) => !detail.has(code))];
  const ambiguous = words("ambiguous-currencies.txt").map((line) => line.split(":").map((s) => s.trim()));
  const rows = order.map((code) => {
    const { displayName: name, symbol, "symbol-alt-narrow": narrow } = russianMoney[code];
    const more = detail.get(code) || { coin: "", names: [] };
    const word = ambiguous.find(([w]) => name.toLowerCase().split(" ").includes(w));
    const sign = narrow || symbol || code;
    return {
      id: fixed[code],
      names: [code.toLowerCase(), ...orders(name), englishMoney[code]?.displayName || "", ...more.names,
        ...(["EUR", "USD", "RUB", "GBP", "JPY"].includes(code) ? [sign] : [])],
      value: { name, abbreviation: code, symbol: sign, coin: more.coin, coinPart: part(code), possibleAmbiguity: word ? word[0] : "" },
    };
  });
  dictionary("currency/currency.csv", rows);
  dictionary("currency/ambiguousCurrency.csv", ambiguous.map(([word, code]) => ({
    names: [word], value: { name: word, mostLikely: code ? russianMoney[code].displayName : "" },
  })));
}

function languages() {
  const ru = [], en = [];
  for (const line of words("languages-ru.txt")) {
    const [codes, family, group, familyEn, groupEn] = line.split(":").map((s) => s.trim());
    for (const marked of codes.split(" ")) {
      const code = marked.replace("*", "");
      const dead = marked.endsWith("*");
      const name = russian[code];
      if (!name) throw new Error(`CLDR has no language ${code}`);
      const by = name.endsWith("ский") || name.endsWith("цкий") ? ["по-" + name.slice(0, -1), "по " + name.slice(0, -1)] : [];
      ru.push({ names: [name, ...by, `${name} язык`], value: { name, family, group, dead, code } });
      en.push({ names: [english[code]], value: { name: english[code], family: familyEn, group: groupEn, dead, code } });
    }
  }
  dictionary("language/language-ru.csv", ru);
  dictionary("language/language-en.csv", en);
}

function colours() {
  const rows = words("colours.txt").map((line) => line.split(";"));
  const row = (name, hex) => ({
    names: [name, name.replace(/Grey/i, "gray"), name.replace(/-/g, " ")],
    value: { name, hex, red: parseInt(hex.slice(1, 3), 16), green: parseInt(hex.slice(3, 5), 16), blue: parseInt(hex.slice(5, 7), 16) },
  });
  dictionary("color/color-ru.csv", rows.map(([ru, , hex]) => row(ru[0].toUpperCase() + ru.slice(1), hex)));
  dictionary("color/color-en.csv", rows.map(([, en, hex]) => row(en, hex)));
}

export function terms() {
  namesInRussian();
  namesInEnglish();
  currencies();
  languages();
  colours();
}
