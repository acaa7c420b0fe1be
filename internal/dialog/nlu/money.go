package nlu

import "strings"

// moneyValue is what scripts read of an amount of money.
type moneyValue struct {
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
}

// findMoney finds amounts with a currency before or behind them.
func findMoney(in *search) []hit {
	s := numberReader{in}
	var hits []hit
	for at := 0; at < len(s.words); at++ {
		before := currency(s.words[at].Folded)
		from := at
		if before != "" {
			from++
		}
		value, next, ok := s.numberAt(from)
		if !ok {
			continue
		}
		unit := before
		if behind := currency(s.word(next)); behind != "" && before == "" {
			unit, next = behind, next+1
		}
		if unit != "" {
			hits = append(hits, hit{Range{s.words[at].Start, s.words[next-1].End}, object(moneyValue{value, unit})})
		}
		at = next - 1
	}
	return hits
}

// currency is the code of the currency a word names.
func currency(word string) string {
	for code, words := range map[string]string{
		"RUB": "рубль рубля рублей рублях рублями руб р ₽ rub rubles roubles", "USD": "доллар доллара долларов бакс бакса баксов $ usd dollar dollars",
		"EUR": "евро € eur euro euros", "GBP": "фунт фунта фунтов £ gbp pound pounds", "KZT": "тенге ₸ kzt", "UAH": "гривна гривны гривен ₴ uah",
		"CNY": "юань юаня юаней cny yuan", "BYN": "byn",
	} {
		if contains(words, strings.TrimSuffix(word, ".")) {
			return code
		}
	}
	return ""
}
