package nlu

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
)

// numeral is a number word. Its magnitude tells what may follow: 100 after
// hundreds, 10 after tens, 1 after units and teens; scales multiply.
type numeral struct {
	value     float64
	magnitude int
	scale     bool
}

// numerals are the number words of Russian and English, folded, in all forms.
type numerals struct {
	words    map[string]numeral
	ordinals map[string]numeral
}

func newNumerals() *numerals {
	n := &numerals{words: map[string]numeral{}, ordinals: map[string]numeral{}}
	for value, forms := range map[float64]string{
		0: "ноль ноля нуль нуля zero", 1: "один одна одно одного одной одному одну одним одном one",
		2: "два две двух двум двумя two", 3: "три трех трем тремя three", 4: "четыре четырех четырем четырьмя four",
		5: "пять пяти пятью five", 6: "шесть шести шестью six", 7: "семь семи семью seven", 8: "восемь восьми восемью восьмью eight",
		9: "девять девяти девятью nine", 10: "десять десяти десятью ten", 11: "одиннадцать одиннадцати одинадцать eleven",
		12: "двенадцать двенадцати twelve", 13: "тринадцать тринадцати thirteen", 14: "четырнадцать четырнадцати fourteen",
		15: "пятнадцать пятнадцати fifteen", 16: "шестнадцать шестнадцати sixteen", 17: "семнадцать семнадцати seventeen",
		18: "восемнадцать восемнадцати eighteen", 19: "девятнадцать девятнадцати nineteen", 1.5: "полтора полторы полутора",
	} {
		n.add(forms, numeral{value: value, magnitude: 1})
	}
	for value, forms := range map[float64]string{
		20: "двадцать двадцати двадцатью twenty", 30: "тридцать тридцати тридцатью thirty", 40: "сорок сорока forty", 50: "пятьдесят пятидесяти fifty",
		60: "шестьдесят шестидесяти sixty", 70: "семьдесят семидесяти seventy", 80: "восемьдесят восьмидесяти eighty", 90: "девяносто девяноста ninety",
	} {
		n.add(forms, numeral{value: value, magnitude: 10})
	}
	for value, forms := range map[float64]string{
		100: "сто ста", 200: "двести двухсот двумстам", 300: "триста трехсот", 400: "четыреста четырехсот", 500: "пятьсот пятисот",
		600: "шестьсот шестисот", 700: "семьсот семисот", 800: "восемьсот восьмисот", 900: "девятьсот девятисот",
	} {
		n.add(forms, numeral{value: value, magnitude: 100})
	}
	for value, forms := range map[float64]string{
		1e2: "hundred hundreds", 1e3: "тысяча тысячи тысяч тысячу тысячей тысячам тыс тыщ thousand thousands k к",
		1e6: "миллион миллиона миллионов миллионам млн million millions", 1e9: "миллиард миллиарда миллиардов млрд billion billions",
	} {
		n.add(forms, numeral{value: value, scale: true})
	}
	n.addOrdinals()
	return n
}

func (n *numerals) add(forms string, one numeral) {
	for form := range strings.FieldsSeq(forms) {
		n.words[form] = one
	}
}

// addOrdinals makes the forms of Russian ordinals from stem and endings.
func (n *numerals) addOrdinals() {
	units := "перв втор трет четверт пят шест седьм восьм девят десят одиннадцат двенадцат тринадцат четырнадцат пятнадцат шестнадцат семнадцат восемнадцат девятнадцат двадцат"
	for i, stem := range strings.Fields(units) {
		n.addOrdinal(stem, numeral{value: float64(i + 1), magnitude: 1})
	}
	n.addOrdinal("двадцат", numeral{value: 20, magnitude: 10})
	for i, stem := range strings.Fields("тридцат сороков пятидесят шестидесят семидесят восьмидесят девяност") {
		n.addOrdinal(stem, numeral{value: float64(30 + 10*i), magnitude: 10})
	}
	english := "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
	for i, word := range strings.Fields(english) {
		n.ordinals[word] = numeral{value: float64(i + 1), magnitude: 1}
	}
	n.ordinals["twentieth"], n.ordinals["thirtieth"] = numeral{value: 20, magnitude: 10}, numeral{value: 30, magnitude: 10}
}

func (n *numerals) addOrdinal(stem string, one numeral) {
	endings := "ый ой ого ому ым ом ая ую ое ые ых ыми"
	if stem == "трет" {
		endings = "ий ьего ьему ьим ьем ья ью ье ьи ьих ьей"
	}
	for ending := range strings.FieldsSeq(endings) {
		n.ordinals[stem+ending] = one
	}
	if stem != "трет" {
		n.ordinals[stem+"ой"] = one
	}
}

// numberReader reads numbers from the words of a text.
type numberReader struct{ *search }

// numberAt reads a number at a word: digits or words, with scales. next is the
// word behind it; ok is false when there is none.
func (s numberReader) numberAt(at int) (value float64, next int, ok bool) {
	if at >= len(s.words) {
		return 0, at, false
	}
	if value, next, ok = s.digitsAt(at); ok {
		for next < len(s.words) && s.adjacentOrBlank(next) {
			scale, known := s.numerals.words[s.words[next].Folded]
			if !known || !scale.scale || scale.value == 100 {
				break
			}
			value *= scale.value
			next++
		}
		return value, next, true
	}
	return s.wordsAt(at)
}

func isDigits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}

// digitsAt reads digits with a fraction or groups of thousands.
func (s numberReader) digitsAt(at int) (value float64, next int, ok bool) {
	word := s.words[at].Folded
	if !isDigits(word) || len(word) > 15 {
		return 0, at, false
	}
	text := word
	next = at + 1
	for len(word) <= 3 && word[0] != '0' && s.thousands(next) {
		text += s.words[s.groupAt(next)].Folded
		next = s.groupAt(next) + 1
	}
	if s.adjacent(next) && s.adjacent(next+1) && (s.words[next].Folded == "." || s.words[next].Folded == ",") && isDigits(s.words[next+1].Folded) {
		text += "." + s.words[next+1].Folded
		next += 2
	}
	value, err := strconv.ParseFloat(text, 64)
	return value, next, err == nil && len(text) <= 20
}

// groupAt is the place of a group of three digits behind a number.
func (s numberReader) groupAt(at int) int {
	if s.adjacent(at) && s.words[at].Folded == "," && strings.HasPrefix(s.options.Language, "en") {
		return at + 1
	}
	return at
}

// thousands tells whether a group of exactly three digits follows, behind one
// blank or, in English, a comma.
func (s numberReader) thousands(at int) bool {
	group := s.groupAt(at)
	if group >= len(s.words) || len(s.words[group].Folded) != 3 || !isDigits(s.words[group].Folded) {
		return false
	}
	if group > at {
		return s.adjacent(group)
	}
	return s.text[s.words[at-1].End:s.words[at].Start] == " "
}

// wordsAt reads number words: "двести двадцать пять тысяч", "twenty-five".
func (s numberReader) wordsAt(at int) (value float64, next int, ok bool) {
	var total, group float64
	magnitude, scale := 1000, math.Inf(1)
	next = at
	for ; next < len(s.words); next++ {
		part, found := s.numeralAt(next)
		switch {
		case !found && ok && s.words[next].Folded == "and" && s.follows(next+1, magnitude):
			continue
		case !found:
			return total + group, next, ok
		case part.scale && part.value == 100 && group > 0 && group < 10:
			group *= 100
			magnitude = 100
		case part.scale && part.value < scale && (ok || part.value > 100 && len(s.words[next].Folded) > 2):
			total += max(group, 1) * part.value
			group, magnitude, scale = 0, 1000, part.value
		case !part.scale && part.magnitude < magnitude && (part.magnitude > 1 || part.value < 10 || magnitude > 10):
			group += part.value
			magnitude = part.magnitude
		default:
			return total + group, next, ok
		}
		ok = true
	}
	return total + group, next, ok
}

func (s numberReader) follows(at, magnitude int) bool {
	if at >= len(s.words) {
		return false
	}
	part, ok := s.numeralAt(at)
	return ok && !part.scale && part.magnitude < magnitude
}

// numeralAt is a number word; "twenty-five" is one.
func (s numberReader) numeralAt(at int) (numeral, bool) {
	word := s.words[at].Folded
	if part, ok := s.numerals.words[word]; ok {
		return part, true
	}
	tens, units, cut := strings.Cut(word, "-")
	if a, b := s.numerals.words[tens], s.numerals.words[units]; cut && a.magnitude == 10 && b.magnitude == 1 && b.value < 10 {
		return numeral{value: a.value + b.value, magnitude: 1}, true
	}
	return numeral{}, false
}

// ordinalAt reads "пятый", "двадцать первого", "5-го", "21st".
func (s numberReader) ordinalAt(at int) (value float64, next int, ok bool) {
	if at >= len(s.words) {
		return 0, at, false
	}
	word := s.words[at].Folded
	if part, found := s.numerals.ordinals[word]; found {
		return part.value, at + 1, true
	}
	if tens, found := s.numerals.words[word]; found && tens.magnitude == 10 && at+1 < len(s.words) {
		if part, found := s.numerals.ordinals[s.words[at+1].Folded]; found && part.value < 10 {
			return tens.value + part.value, at + 2, true
		}
	}
	head, tail, cut := strings.Cut(word, "-")
	if tens, unit := s.numerals.words[head], s.numerals.ordinals[tail]; cut && tens.magnitude == 10 && unit.value > 0 && unit.value < 10 {
		return tens.value + unit.value, at + 1, true
	}
	digits := strings.TrimRight(word, "абвгдежзийклмнопрстуфхцчшщъыьэюяabcdefghijklmnopqrstuvwxyz-")
	suffix := strings.TrimPrefix(word[len(digits):], "-")
	if isDigits(digits) && len(digits) < 5 && suffix != "" && strings.Contains(" й го му м я ю е ый ой ого ая ое st nd rd th ", " "+suffix+" ") {
		value, err := strconv.ParseFloat(digits, 64)
		return value, at + 1, err == nil
	}
	return 0, at, false
}

// findNumbers finds numbers in digits and words; the value is a number.
func findNumbers(in *search) []hit {
	s := numberReader{in}
	var hits []hit
	for at := 0; at < len(s.words); {
		value, next, ok := s.numberAt(at)
		if !ok {
			at++
			continue
		}
		span := Range{Start: s.words[at].Start, End: s.words[next-1].End}
		if s.negative(at) {
			value, span.Start = -value, s.words[at-1].Start
		}
		hits = append(hits, hit{span, numberJSON(value)})
		at = next
	}
	return hits
}

// negative tells whether a minus sign stands right before a number and nothing
// before the sign.
func (s numberReader) negative(at int) bool {
	return s.adjacent(at) && (s.words[at-1].Folded == "-" || s.words[at-1].Folded == "−") &&
		(at == 1 || !s.adjacent(at-1))
}

func findOrdinals(in *search) []hit {
	s := numberReader{in}
	var hits []hit
	for at := 0; at < len(s.words); at++ {
		if value, next, ok := s.ordinalAt(at); ok {
			hits = append(hits, hit{Range{s.words[at].Start, s.words[next-1].End}, numberJSON(value)})
			at = next - 1
		}
	}
	return hits
}

func numberJSON(value float64) json.RawMessage {
	return json.RawMessage(strconv.FormatFloat(value, 'f', -1, 64))
}
