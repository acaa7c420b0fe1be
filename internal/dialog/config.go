package dialog

import "time"

// Config is chatbot.yaml (dialog-language 1.2).
type Config struct {
	// File is the name of the file, "chatbot.yaml".
	File        string
	Name        string
	EntryPoints []string
	// BotEngine is "v1" or "v2".
	BotEngine string
	Language  string
	NLP       NLP
	Tests     Tests
	// ErrorMessage is the answer after an unhandled error, "" for silence;
	// ErrorMessages overrides it by language.
	ErrorMessage  string
	ErrorMessages map[string]string
	Dependencies  []Dependency
	// Injector becomes $injector.
	Injector      map[string]any
	Classifier    map[string]any
	ExampleGroups []string
	CustomTags    []string
}

// NLP is the part of chatbot.yaml about understanding text.
type NLP struct {
	// PhraseThreshold and PatternThreshold drop weaker intents, 0 to 1.
	PhraseThreshold  float64
	PatternThreshold float64
	// LengthSymbols and LengthWords limit the request; 0 = no limit.
	LengthSymbols int
	LengthWords   int
	// TimeLimit limits the classification; 0 = no limit.
	TimeLimit               time.Duration
	Tokenizer               string
	SRXPath                 string
	Morphology              string
	NBest                   int
	ContextHistoryDepth     int
	CostStrategy            string
	Vocabulary              string
	Synonyms                string
	ModifyRequestInPreMatch bool
	ConsiderContextDepth    bool
	// ContextPenalty is subtracted from a score once per step of distance.
	ContextPenalty float64
}

// Tests selects the XML tests; globs relative to the folder test.
type Tests struct {
	Include []string
	Exclude []string
}

// Dependency is an external module.
type Dependency struct {
	Name    string
	Type    string
	URL     string
	Version string
}
