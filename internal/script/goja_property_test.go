package script

import (
	"regexp"
	"testing"
)

// script-engine 1.3: properties of characters, with the flag u.
func TestPropertiesOfCharacters(t *testing.T) {
	for expression, want := range map[string]string{
		`"привет, мир".match(/\p{L}+/u)[0]`:                                              "привет",
		`"Привет 12 мир".replace(/[^\p{L}\p{N}]+/gu, "_")`:                               "Привет_12_мир",
		`"да, нет".replace(/\P{L}/gu, "-")`:                                              "да--нет",
		`"да, нет".replace(/[\P{L}]+/gu, "-")`:                                           "да-нет",
		`/^\p{Lu}\p{Ll}+$/u.test("Привет")`:                                              "true",
		`/^\p{Script=Cyrillic}+$/u.test("приветhi")`:                                     "false",
		`/^\p{sc=Cyrillic}+$/u.test("привет")`:                                           "true",
		`/^\P{Cc}$/u.test("\u0000")`:                                                     "false",
		`"a😀b".replace(/\p{So}/gu, "-")`:                                                 "a-b",
		`"aпb".replace(/[\]\p{Script=Cyrillic}]/gu, "-")`:                                "a-b",
		`/^\\p{2}$/.test("\\pp")`:                                                        "true",
		`(function () { try { return /x\p{L}/u.test("xы") } catch (e) { return e } })()`: "true",
	} {
		c := scriptBot(t, asks(expression, "r"))
		c.expect("go", want)
	}
}

// Every table gives an expression that means the same in Go.
func TestRangesOfProperties(t *testing.T) {
	braces := regexp.MustCompile(`\\u\{`)
	for _, name := range []string{"L", "Lu", "Cc", "N", "Cyrillic", "P"} {
		for pattern, others := range map[string]bool{`^[` + ranges(propertyTable(name), false) + `]$`: false, `^[` + ranges(propertyTable(name), true) + `]$`: true} {
			got, want := regexp.MustCompile(braces.ReplaceAllString(pattern, `\x{`)), regexp.MustCompile(`^\p{`+name+`}$`)
			for c := range rune(0x3000) {
				if text := string(c); got.MatchString(text) != (want.MatchString(text) != others) {
					t.Fatalf("%s (others: %v): %U", name, others, c)
				}
			}
		}
	}
}
