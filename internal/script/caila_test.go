package script

import (
	"fmt"
	"strings"
	"testing"
)

const cailaExport = `{"settings": {"timezone": "UTC"}, "intents": [{"id": 5, "path": "/Order", "answer": "ok", "customData": "{\"a\":1}",
  "phrases": [{"text": "order @duckling.number cakes"}],
  "slots": [{"name": "count", "entity": "duckling.number", "required": true, "prompts": ["How many?"]}, {"name": "what", "entity": "cake", "required": false}]}],
 "entities": [{"entity": {"name": "cake", "enabled": true}, "records": [{"type": "synonyms", "rule": ["cakes", "pie"], "value": "{\"id\":1}"}]},
  {"entity": {"name": "dish", "enabled": true, "client": true}, "records": []}],
 "enabledSystemEntities": ["duckling.number"]}`

// cailaTalk is with a bot that answers "s0", "s1", ... with the value of a call.
func cailaTalk(t *testing.T, calls ...string) *talk {
	main := `
theme: /
    state: Dish
        q!: eat @dish
        a: {{$parseTree._dish.size}}
    state: None
        event!: noMatch
        a: none
`
	for i, call := range calls {
		main += fmt.Sprintf("    state: S%d\n        q!: s%d\n        script: $reactions.answer(JSON.stringify(%s));\n", i, i, call)
	}
	return newTalk(t, load(t, Options{Log: testLog(t)}, map[string]string{
		"chatbot.yaml": "name: caila\nentryPoint: main.sc\nbotEngine: v2\nlanguage: en\n", "caila_import.json": cailaExport, "main.sc": main,
	}))
}

// script-api 2.6.
func TestCaila(t *testing.T) {
	for call, want := range map[string]string{
		`$caila.simpleInference("order two cakes")`: `{"intent":{"id":5,"path":"/Order","answer":"ok","customData":"{\"a\":1}","slots":[` +
			`{"name":"count","entity":"duckling.number","required":true,"prompts":["How many?"],"array":false},` +
			`{"name":"what","entity":"cake","required":false,"prompts":[],"array":false}]},"confidence":1,` +
			`"slots":[{"name":"count","value":2,"array":false},{"name":"what","value":{"id":1},"array":false}],"debug":{}}`,
		`$caila.simpleInference("xyz")`: "null",
		`$caila.inference({phrase: {text: "order 3 cakes"}, nBest: 2, knownSlots: [{name: "count", value: 9, array: false}]}).variants[0].slots[0]`: `{"name":"count","value":9,"array":false}`,
		`$caila.entitiesLookup("a pie, 7", false)`: `{"text":"a pie, 7","entities":[` +
			`{"entity":"cake","slot":"cake","startPos":2,"endPos":5,"text":"pie","value":"{\"id\":1}","default":false,"system":false},` +
			`{"entity":"duckling.number","slot":"duckling.number","startPos":7,"endPos":8,"text":"7","value":"7","default":false,"system":true}],"phraseMarkup":[]}`,
		`$caila.getEntity("cake").records[0].rule`:       `["cakes","pie"]`,
		`$caila.detectLanguage(["привет", "hello", ""])`: `["ru","en",""]`,
		`$caila.checkVocabulary(["ordering", "zzz"])`:    `[true,false]`,
		`$caila.checkVocabulary("pie")`:                  `true`,
	} {
		cailaTalk(t, call).expect("s0", want)
	}
	for call, want := range map[string]string{
		`$caila.simpleInferenceWithToken("a", "t")`:                "simpleInferenceWithToken is not supported",
		`$caila.getEntity("nothing")`:                              `no entity "nothing"`,
		`$caila.inference("text")`:                                 "inference takes",
		`$caila.getClientEntityRecords("dish", "somebody else")`:   "for the client of the request only",
		`$caila.addClientEntityRecords("dish", [{type: "other"}])`: "a record is",
		`$caila.cdqaQuery("a")`:                                    "cdqaQuery is not supported",
	} {
		c := cailaTalk(t, call)
		c.say("s0")
		if c.last.Failure == nil || !strings.Contains(c.last.Failure.Message, want) {
			t.Errorf("%s: %+v, want %q", call, c.last.Failure, want)
		}
	}
}

// script-api 2.6: records of a client's own, found from the next request on.
func TestClientEntities(t *testing.T) {
	c := cailaTalk(t,
		`$caila.addClientEntityRecords("dish", [{type: "synonyms", rule: ["soup"], value: {size: 3}}, {type: "pattern", rule: ["$regexp<x+>"], value: "{\"size\":4}"}]).length`,
		`$caila.entitiesLookup("soup", true).entities[0].value`,
		`$caila.setClientEntityRecord("dish", {id: 1, type: "synonyms", rule: ["stew"], value: "{\"size\":5}"}).id`,
		`($caila.deleteClientEntityRecords("dish", [1]), $caila.getClientEntityRecords("dish"))[0].id`,
		`$caila.setClientEntityRecords("dish", []).length`)
	for _, step := range []struct{ say, want string }{
		{"eat soup", "none"}, {"s0", "2"}, {"eat soup", "3"}, {"eat xxx", "4"}, {"s1", `"{\"size\":3}"`}, {"s2", "1"}, {"eat soup", "none"},
		{"eat stew", "5"}, {"s3", "2"}, {"eat stew", "none"}, {"s4", "0"}, {"eat xxx", "none"},
	} {
		c.expect(step.say, step.want)
	}
}
