package nlu

import "encoding/json"

// Model is what the export of a project says about meanings (dialog-language
// 1.1). It is read only after Read.
type Model struct {
	// File is the export that was read, "" for none.
	File string
	// Language and Zone are those of the export's settings, "" when it has none.
	Language, Zone string
	// Intents are the intents that are switched on.
	Intents  []*Intent
	Entities []*Entity
	// System are the names of the system entities that are switched on.
	System map[string]bool
}

// Place is where something stands in the export; Line and Column start at 1.
type Place struct{ Line, Column int }

// Intent is one meaning.
type Intent struct {
	Place
	ID   int64 // 0 when the export gives none
	Path string
	// Answer is what $context.intent.answer tells.
	Answer string
	// CustomData is any text, mostly JSON.
	CustomData string
	Phrases    []Phrase
	Patterns   []Rule
	Slots      []Slot
	// Needs are entities of which one in a request is enough for the intent
	// (classificationRules with CONTAINS).
	Needs []string
	// Replies is the JSON list of replies that the export's questions and answers
	// (faq) give the intent, nil for none.
	Replies json.RawMessage
	// Priority decides between equal scores: the greater wins.
	Priority float64
	Shared   bool
}

// Phrase is an example of what a user says. An entity stands in it as "@name".
type Phrase struct {
	Place
	Text string
}

// Rule is a pattern of the dialog language.
type Rule struct {
	Place
	Text string
}

// Slot is what an intent wants to know.
type Slot struct {
	Name     string   `json:"name"`
	Entity   string   `json:"entity"`
	Required bool     `json:"required"`
	Prompts  []string `json:"prompts"`
	Array    bool     `json:"array"`
}

// Entity is a kind of things that are named in requests.
type Entity struct {
	Place
	Name    string
	Enabled bool
	// Exact switches off that other forms of a word count (noMorph).
	Exact bool
	// Fuzzy lets a word with one wrong letter count.
	Fuzzy bool
	// Client entities have records of each client as well.
	Client   bool
	Priority float64
	Records  []Record
}

// RecordType tells how a record is found.
type RecordType string

const (
	Synonyms RecordType = "synonyms"
	Patterns RecordType = "pattern"
)

// Record is one thing of an entity: its synonyms or patterns, and its value.
type Record struct {
	Place
	Type  RecordType
	Rules []Rule
	// Value is any text, mostly JSON; "" stands for the text found.
	Value string
}

// Found is an entity found in a text. Start and End count characters (runes); the
// end is exclusive (script-api 2.6).
type Found struct {
	Entity     string
	Start, End int
	Text       string
	// Value is JSON; for a thing without a value it is the text as a string.
	Value json.RawMessage
	// Bare tells that the thing has no value of its own.
	Bare bool
	// System tells that the entity is built in.
	System bool
}

// SlotValue is a slot with what was found for it. The value of an array slot is a
// JSON array.
type SlotValue struct {
	Name  string          `json:"name"`
	Value json.RawMessage `json:"value"`
	Array bool            `json:"array"`
}

// Hypothesis is an intent that a text may mean, with a score from 0 to 1.
type Hypothesis struct {
	Intent *Intent
	Score  float64
	Slots  []SlotValue
	// Pattern is the pattern that fitted, "" when an example phrase did.
	Pattern string
}

// Problem is something in the export that cannot be used. Code is stable.
type Problem struct {
	File         string
	Line, Column int
	Code         string
	Message      string
	Hint         string
}

// Intent finds an intent by its path.
func (m *Model) Intent(path string) (*Intent, bool) {
	for _, intent := range m.Intents {
		if intent.Path == path {
			return intent, true
		}
	}
	return nil, false
}

// Entity finds an entity by its name.
func (m *Model) Entity(name string) (*Entity, bool) {
	for _, entity := range m.Entities {
		if entity.Name == name {
			return entity, true
		}
	}
	return nil, false
}
