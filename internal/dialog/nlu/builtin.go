package nlu

import "encoding/json"

// builtin finds a system entity.
type builtin func(s *search) []hit

// hit is a part of the text and the JSON value of what stands there.
type hit struct {
	Range
	value json.RawMessage
}

// builtins are the system entities by name (script-api 2.6).
func builtins() map[string]builtin {
	return map[string]builtin{
		"duckling.number": findNumbers, "zb.number": findNumbers, "pymorphy.numb": findNumbers, "pymorphy.intg": findNumbers,
		"duckling.ordinal": findOrdinals, "duckling.duration": findDurations,
		"duckling.time": findMoments, "duckling.date": findMoments, "zb.datetime": findMoments, "duckling.time-of-day": findTimesOfDay,
		"duckling.amount-of-money": findMoney,
		"mystem.persn":             findFirstNames, "pymorphy.name": findFirstNames, "mystem.famn": findSurnames, "pymorphy.surn": findSurnames,
		"mystem.patrn": findPatronymics, "pymorphy.patr": findPatronymics, "mystem.geo": findPlaces, "pymorphy.geox": findPlaces,
		"duckling.phone-number": findPhones, "duckling.phone": findPhones, "duckling.email": findEmails, "duckling.url": findURLs,
	}
}
