package inbox

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"parley/internal/session"
)

func TestQuery_Refusals(t *testing.T) {
	for typed, field := range map[string]string{
		"":                                    "query",
		"  ?! ":                               "query",
		strings.Repeat("a", MaxQueryChars+1):  "query",
		strings.Repeat("a ", MaxQueryWords+1): "query",
	} {
		_, err := ParseQuery(typed)
		if e, ok := err.(*session.Error); !ok || e.Field != field || e.Code != session.CodeInvalidPayload {
			t.Errorf("%.20q: %v", typed, err)
		}
	}
	q, err := ParseQuery(`  Ещё "ЗАКАЗ"-4711* `)
	if err != nil || !slices.Equal(q, Query{"еще", "заказ", "4711"}) {
		t.Error(q, err)
	}
}

func TestSnippet_Marks(t *testing.T) {
	for _, c := range []struct{ typed, text, want string }{
		{"заказ", "Где мой ЗАКАЗы?", "Где мой [ЗАКАЗ]ы?"},
		{"еще зак", "Ещё  один\nзаказ", "[Ещё] один [зак]аз"},
		{"o", "<b>One</b> two of", "<b>[O]ne</b> two [o]f"},
		{"one", "😀 one 😀 one", "😀 [one] 😀 [one]"},
		{"zzz", "nothing here", "nothing here"},
		{"end", strings.Repeat("word ", 100) + "the end", ""},
	} {
		q, err := ParseQuery(c.typed)
		if err != nil {
			t.Fatal(err)
		}
		s := q.Cut(c.text)
		got := marked(s)
		if c.want == "" {
			c.want = "[end]"
			got = got[max(0, len(got)-len(c.want)):]
		}
		if got != c.want {
			t.Errorf("%q in %q: %q, want %q", c.typed, c.text, got, c.want)
		}
		if n := utf8.RuneCountInString(s.Text); n > SnippetChars {
			t.Errorf("%d characters", n)
		}
	}
}

// marked puts the marks of a snippet in brackets, as a page would: by the units
// of its own strings.
func marked(s Snippet) string {
	units := utf16.Encode([]rune(s.Text))
	var out strings.Builder
	at := 0
	for _, m := range s.Marks {
		out.WriteString(string(utf16.Decode(units[at:m[0]])) + "[" + string(utf16.Decode(units[m[0]:m[1]])) + "]")
		at = m[1]
	}
	return out.String() + string(utf16.Decode(units[at:]))
}

// FuzzQuery: whatever is typed and whatever the text, a query holds only folded
// words, and marks stand in order inside the snippet.
func FuzzQuery(f *testing.F) {
	f.Add("заказ ё", "Ёлка и заказ")
	f.Add(`"a" OR b* NEAR(c)`, "a\x00b😀c")
	f.Add("İ", "İstanbul ıI")
	f.Fuzz(func(t *testing.T, typed, text string) {
		q, err := ParseQuery(typed)
		if err != nil {
			return
		}
		for _, word := range q {
			if word == "" || strings.ContainsAny(word, "\"'*() \x00") {
				t.Errorf("word %q", word)
			}
		}
		s := q.Cut(text)
		end, units := 0, len(utf16.Encode([]rune(s.Text)))
		for _, m := range s.Marks {
			if m[0] < end || m[1] <= m[0] || m[1] > units {
				t.Fatalf("marks %v of %d units", s.Marks, units)
			}
			end = m[1]
		}
	})
}

func TestWords(t *testing.T) {
	for text, want := range map[string][]string{
		"":                              nil,
		"Café-LATTE, café!":             {"cafe", "latte"},
		"Ёж e\u0301 И\u0306 мой":        {"еж", "e", "й", "мой"},
		"orders.pdf foo_bar 4711 x\x00": {"orders", "pdf", "foo", "bar", "4711", "x"},
		"O'Brien \\ 'x' & !y:*":         {"o", "brien", "x", "y"},
		strings.Repeat("ж", 300):        {strings.Repeat("ж", MaxQueryChars)},
		"हिन्दी":                        {"हिन्दी"},
	} {
		if got := Words(text); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// FuzzWords: a word can be quoted as it is, and asking for it finds it.
func FuzzWords(f *testing.F) {
	for _, seed := range []string{"Где мой заказ №4711?", "it's 'quoted' \\ & | ! : * ( )", "İstanbul ẞ ǅ ﬁ K Å", "\xff\x00\u0301", "각 각"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		known := map[string]bool{}
		for _, word := range Words(text) {
			if word == "" || known[word] || utf8.RuneCountInString(word) > MaxQueryChars || !utf8.ValidString(word) {
				t.Errorf("%q of %q", word, text)
			}
			known[word] = true
			if again := Words(word); !slices.Equal(again, []string{word}) {
				t.Errorf("%q is asked for as %q", word, again)
			}
			for _, r := range word {
				if !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) {
					t.Errorf("%q of %q holds %q", word, text, r)
				}
			}
		}
	})
}
