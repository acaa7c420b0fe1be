package dialog

import (
	"encoding/json"
	"testing"
)

func TestLiteral(t *testing.T) {
	good := map[string]string{
		`{}`: `{}`, ` [ ] `: `[]`, `[1, -2.5, 1e3,]`: `[1,-2.5,1000]`,
		`{a: 1, "b": 'x', 'c-d': true, e: null, f: word and word}`: `{"a":1,"b":"x","c-d":true,"e":null,"f":"word and word"}`,
		"{a:\n  {b: [\n{c: 1},\n]\n}}":                             `{"a":{"b":[{"c":1}]}}`,
		`"tab\tquote\" u\u0416 \\ \x \u12"`:                        `"tab\tquote\" uЖ \\ x \\u12"`,
		`{a: {{ $session.x }}, b: "{{y}}!"}`:                       `{"a":"{{$session.x}}","b":"{{y}}!"}`,
		`undefined`:                                                `null`, `0x`: `"0x"`, `-`: `"-"`,
	}
	for source, want := range good {
		r := &report{}
		value, ok := parseLiteral(NewSource(source, Pos{"f", 1, 1}), r)
		got, err := json.Marshal(plain(value))
		if !ok || err != nil || string(got) != want {
			t.Errorf("%s = %s, want %s (%v %v)", source, got, want, r.list, err)
		}
	}
	bad := map[string]string{
		``: "1:1", `{`: "1:2", `{a}`: "1:3", `{a: }`: "1:5", `[1 2]`: "", `{a: 1 b: 2}`: "", `"open`: "1:1", `{} {}`: "1:4", "[\n  [\n": "3:1", `{"a: 1}`: "1:2",
	}
	for source, want := range bad {
		r := &report{}
		value, ok := parseLiteral(NewSource(source, Pos{"f", 1, 1}), r)
		if want == "" { // a word of two words, by the leniency of unquoted strings
			if !ok {
				t.Errorf("%s is refused: %v", source, r.list)
			}
			continue
		}
		if ok || len(r.list) != 1 || r.list[0].Pos().String() != "f:"+want {
			t.Errorf("%q = %v, %v, want an error at %s", source, value, r.list, want)
		}
	}
}

func TestInterpolate(t *testing.T) {
	cases := map[string]string{
		`plain`:                       `"plain"`,
		`{{a}}`:                       `{a}@1:3`,
		`x {{ a }}{{b}} y`:            `"x " {a}@1:6 {b}@1:12 " y"`,
		`{{ f({a: {b: 1}}) }}.`:       `{f({a: {b: 1}})}@1:4 "."`,
		`{{ "}}" + '}}' }}`:           `{"}}" + '}}'}@1:4`,
		`{{ a["it's"] }} isn't {{b}}`: `{a["it's"]}@1:4 " isn't " {b}@1:25`,
		`{ {a} }`:                     `"{ {a} }"`,
		`}} {{a}}`:                    `"}} " {a}@1:6`,
	}
	for source, want := range cases {
		r := &report{}
		if got := parts(interpolate(NewSource(source, Pos{"f", 1, 1}), r)); got != want || len(r.list) > 0 {
			t.Errorf("%s gives %s %v, want %s", source, got, r.list, want)
		}
	}
}

func TestParams(t *testing.T) {
	cases := map[string]string{
		`x`:                               `x`,
		`a || b`:                          `a || b`,
		`{{ a || b = 1 }}`:                `{{ a || b = 1 }}`,
		`x || a = 1`:                      `x|a=1`,
		`x||a=1,b = two words , c=`:       `x|a=1|b=two words|c=`,
		`x || a = "one, two", b = 'y'`:    `x|a=one, two|b=y`,
		`x || a = "in "quotes" y", b = 2`: `x|a=in "quotes" y|b=2`,
		`x || a = "esc\"aped"`:            `x|a=esc"aped`,
		`x || a = [1, "b, c = 2"], d = 3`: `x|a=[1, "b, c = 2"]|d=3`,
		`x || a = {{ f(1, 2) }}, b = 3`:   `x|a={{ f(1, 2) }}|b=3`,
		`x || a = 1 || b = 2`:             `x|a=1|b=2`,
		`x || converter = function(p) { return p.a || {b: 1}; };`: `x|converter=function(p) { return p.a || {b: 1}; }`,
		`x || converter = f(a, b), other = 1`:                     `x|converter=f(a, b)|other=1`,
		"x || a = \"two\nlines\"":                                 "x|a=two\nlines",
	}
	for source, want := range cases {
		r := &report{}
		main, params := splitParams(NewSource(source, Pos{"f", 1, 1}), r)
		got := main.Text
		for _, p := range params {
			got += "|" + p.name() + "=" + p.value.Text
		}
		if got != want || len(r.list) > 0 {
			t.Errorf("%s gives %q %v, want %q", source, got, r.list, want)
		}
	}
}
