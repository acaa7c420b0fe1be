package dialog

import (
	"encoding/json"
	"testing"
	"unicode/utf8"
)

// FuzzEntities: what is found lies inside the text and has a value in JSON.
func FuzzEntities(f *testing.F) {
	for _, text := range []string{
		"завтра в 15:30, +7 (999) 123-45-67", "1 000 000.5 и двадцать первое мая 2024 года", "next friday at half past five a@b.co http://x.yz",
		"31.12.99 12-30 2-й через полчаса -5", "семь-восемь 21st 5pm Иван Петрович Сидоров", "\xff99999999999999999999 через 99999999 лет",
	} {
		f.Add(text)
	}
	u := understand(f, "ru", `{"entities": [{"name": "a", "records": [
		{"type": "synonyms", "rule": ["да нет", "час"], "value": "x"}, {"type": "pattern", "rule": ["* @duckling.number", "$regexp<\\d+>", "@a"], "value": "{}"}]}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		for _, name := range u.Names() {
			for _, found := range u.Named(text, name, friday()) {
				if found.Start < 0 || found.End <= found.Start || found.End > utf8.RuneCountInString(text) || !json.Valid(found.Value) {
					t.Fatalf("%s in %q: %+v %s", name, text, found, found.Value)
				}
			}
		}
		if _, err := u.Classify(t.Context(), text, friday(), 3); err != nil {
			t.Fatal(err)
		}
	})
}
