package dialog

import (
	"encoding/json"
	"maps"
	"slices"
	"time"
)

func cityDictionary(strict bool) *Dictionary {
	return &Dictionary{Pos: Pos{File: "city.csv", Line: 1, Column: 1}, Name: "City", Strict: strict, Entries: []Entry{
		{ID: "1", Names: []string{"Москва", "столица", "Мск."}, Value: json.RawMessage(`{"lat":55}`)},
		{ID: "2", Names: []string{"Новый Уренгой"}},
		{ID: "3", Names: []string{"Новый"}},
		{ID: "4", Names: []string{"Ростов-на-Дону", "Ростов на Дону"}},
		{ID: "5", Names: []string{"St. Petersburg", "Санкт-Петербург"}},
		{ID: "6", Names: []string{"+"}},
		{ID: "7", Names: []string{"столицы"}},
	}}
}

// fakeEntities finds what it was told to.
type fakeEntities map[string][]EntitySpan

func (f fakeEntities) Find(_, name string, _ time.Time) []EntitySpan { return f[name] }

func (f fakeEntities) Known(name string) bool { return f[name] != nil }

func (f fakeEntities) Names() []string { return slices.Sorted(maps.Keys(f)) }
