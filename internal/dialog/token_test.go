package dialog

import (
	"strings"
	"testing"
)

func TestTokens(t *testing.T) {
	for _, c := range []struct {
		english bool
		text    string
		want    string
	}{
		{false, "", ""},
		{false, "Привет, Мир!", "привет ,_ мир !_"},
		{false, "кто-то - нет-", "кто-то -_ нет -_"},
		{false, "ЁЛКА ещё ЯЫАяыа ЇжакAZ СТРАẞЕ", "елка еще яыаяыа їжакaz страssе"},
		{false, "и\u0306од е\u0308ж", "йод еж"},
		{false, "/start a_b 3.14", "/_ start a __ b 3 ._ 14"},
		{false, "don't", "don '_ t"},
		{false, "a\u00a0b\u200bc\tд\r\n", "a b c д"},
		{false, "со\u00adло", "соло"},
		{false, "👍🏽👨‍👩‍👧 ❤️+", "👍🏽 👨👩👧 ❤ +_"},
		{false, "\xff\xfe ok", "\ufffd \ufffd ok"},
		{true, "I don't, it's John’s o'clock", "i do n't ,_ it 's john 's o '_ clock"},
		{true, "do n't 's 'summer' can't've", "do n't 's '_ summer '_ can '_ t 've"},
		{true, "'tis rock'n'roll n't", "'_ tis rock '_ n '_ roll n't"},
	} {
		var got []string
		for _, token := range (tokenizer{english: c.english}).split(c.text) {
			text := token.Folded
			if token.Punctuation {
				text += "_"
			}
			got = append(got, text)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%q: got %q, want %q", c.text, strings.Join(got, " "), c.want)
		}
	}
}

func TestStem(t *testing.T) {
	ru, ok := newStemmer("ru")
	if !ok {
		t.Fatal("no Russian stemmer")
	}
	for _, group := range []string{"машина машины машиной машинам", "красный красного красными", "table tables", "санкт-петербург санкт-петербурге"} {
		words := strings.Fields(group)
		for _, word := range words[1:] {
			if ru.stem(word) != ru.stem(words[0]) {
				t.Errorf("%s and %s have different stems", word, words[0])
			}
		}
	}
	if en, ok := newStemmer("en-US"); !ok || en.stem("running") != "run" {
		t.Error("no English stemmer for en-US")
	}
	if none, ok := newStemmer("xx"); ok || none.stem("words") != "words" {
		t.Error("an unknown language has no stems")
	}
}
