package dialog

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
)

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
	// CustomTags are the paths of descriptors of the bot's own action tags.
	CustomTags []string

	entryPoints    []Source
	customTags     []Source
	exampleGroups  []Source
	lengthEnabled  bool
	timeEnabled    bool
	olderThreshold float64 // of sts or caila, negative when not given
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
	TimeLimit time.Duration
	NBest     int
	// ContextHistoryDepth is the length of $context.contextHistory; 0 = not given.
	ContextHistoryDepth     int
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

// ConfigFile is the only descriptor of a project, in its root.
const ConfigFile = "chatbot.yaml"

func defaultConfig() Config {
	return Config{
		File: ConfigFile, BotEngine: "v1", Injector: map[string]any{},
		NLP: NLP{
			PhraseThreshold: 0.2, PatternThreshold: 0.2, LengthSymbols: 400, LengthWords: 100000,
			TimeLimit: 10 * time.Second, NBest: 1,
		},
	}
}

// setting takes the value of one key, as encoding/json reads it; false means
// that it has the wrong type.
type setting func(c *Config, value any) bool

// settings are the keys of chatbot.yaml; nil marks a key that has no effect here
// and that real projects carry.
var settings = map[string]setting{
	"name":       textKey(func(c *Config) *string { return &c.Name }),
	"botEngine":  textKey(func(c *Config) *string { return &c.BotEngine }),
	"language":   textKey(func(c *Config) *string { return &c.Language }),
	"entryPoint": listKey(func(c *Config) *[]string { return &c.EntryPoints }),
	"customTags": listKey(func(c *Config) *[]string { return &c.CustomTags }),
	"injector":   objectKey(func(c *Config) *map[string]any { return &c.Injector }),
	"classifier": objectKey(func(c *Config) *map[string]any { return &c.Classifier }),

	"exampleGroups": listKey(func(c *Config) *[]string { return &c.ExampleGroups }),
	"tests.include": listKey(func(c *Config) *[]string { return &c.Tests.Include }),
	"tests.exclude": listKey(func(c *Config) *[]string { return &c.Tests.Exclude }),
	"dependencies":  dependencies,

	"messages.onError.defaultMessage": textKey(func(c *Config) *string { return &c.ErrorMessage }),
	"messages.onError.locales":        locales,

	"nlp.intentNoMatchThresholds.phrases":  numberKey(func(c *Config) *float64 { return &c.NLP.PhraseThreshold }),
	"nlp.intentNoMatchThresholds.patterns": numberKey(func(c *Config) *float64 { return &c.NLP.PatternThreshold }),
	"sts.noMatchThreshold":                 numberKey(func(c *Config) *float64 { return &c.olderThreshold }),
	"caila.noMatchThreshold":               numberKey(func(c *Config) *float64 { return &c.olderThreshold }),

	"nlp.lengthLimit.enabled":     flagKey(func(c *Config) *bool { return &c.lengthEnabled }),
	"nlp.lengthLimit.symbols":     wholeKey(func(c *Config) *int { return &c.NLP.LengthSymbols }),
	"nlp.lengthLimit.words":       wholeKey(func(c *Config) *int { return &c.NLP.LengthWords }),
	"nlp.timeLimit.enabled":       flagKey(func(c *Config) *bool { return &c.timeEnabled }),
	"nlp.timeLimit.timeout":       milliseconds,
	"nlp.nbest":                   wholeKey(func(c *Config) *int { return &c.NLP.NBest }),
	"nlp.nBest":                   wholeKey(func(c *Config) *int { return &c.NLP.NBest }),
	"nlp.contextHistoryDepth":     wholeKey(func(c *Config) *int { return &c.NLP.ContextHistoryDepth }),
	"nlp.modifyRequestInPreMatch": flagKey(func(c *Config) *bool { return &c.NLP.ModifyRequestInPreMatch }),
	"nlp.contextPenalty":          numberKey(func(c *Config) *float64 { return &c.NLP.ContextPenalty }),

	"nlp.considerContextDepthInStateSelectionV2": flagKey(func(c *Config) *bool { return &c.NLP.ConsiderContextDepth }),

	"jsTests": nil, "aligner": nil, "scriptsPreLoad": nil, "ner": nil, "nlp.spellcheck": nil, "nlp.speller": nil,
	"nlp.patternNoMatchThreshold": nil, "nlp.tokenizer": nil, "nlp.srxPath": nil, "nlp.morphology": nil, "nlp.costStrategy": nil,
	"nlp.vocabulary": nil, "nlp.synonyms": nil,
}

func textKey(field func(*Config) *string) setting {
	return func(c *Config, value any) bool {
		switch v := value.(type) {
		case string:
			*field(c) = v
		case float64, bool:
			*field(c) = fmt.Sprint(v)
		default:
			return value == nil
		}
		return true
	}
}

func numberKey(field func(*Config) *float64) setting {
	return func(c *Config, value any) bool {
		v, ok := value.(float64)
		if ok {
			*field(c) = v
		}
		return ok || value == nil
	}
}

func wholeKey(field func(*Config) *int) setting {
	return func(c *Config, value any) bool {
		v, ok := value.(float64)
		if ok && v == float64(int(v)) {
			*field(c) = int(v)
			return true
		}
		return value == nil
	}
}

func flagKey(field func(*Config) *bool) setting {
	return func(c *Config, value any) bool {
		v, ok := value.(bool)
		if ok {
			*field(c) = v
		}
		return ok || value == nil
	}
}

// list takes a string or a list of strings.
func listKey(field func(*Config) *[]string) setting {
	return func(c *Config, value any) bool {
		switch v := value.(type) {
		case nil:
		case string:
			*field(c) = []string{v}
		case []any:
			var items []string
			for _, item := range v {
				text, ok := item.(string)
				if !ok {
					return false
				}
				items = append(items, text)
			}
			*field(c) = items
		default:
			return false
		}
		return true
	}
}

func objectKey(field func(*Config) *map[string]any) setting {
	return func(c *Config, value any) bool {
		v, ok := value.(map[string]any)
		if ok {
			*field(c) = v
		}
		return ok || value == nil
	}
}

func milliseconds(c *Config, value any) bool {
	v, ok := value.(float64)
	if ok {
		c.NLP.TimeLimit = time.Duration(v) * time.Millisecond
	}
	return ok || value == nil
}

func locales(c *Config, value any) bool {
	v, ok := value.(map[string]any)
	c.ErrorMessages = map[string]string{}
	for language, message := range v {
		text, isText := message.(string)
		if !isText {
			return false
		}
		c.ErrorMessages[language] = text
	}
	return ok || value == nil
}

func dependencies(c *Config, value any) bool {
	items, ok := value.([]any)
	for _, item := range items {
		fields, isObject := item.(map[string]any)
		if !isObject {
			return false
		}
		field := func(name string) string { text, _ := fields[name].(string); return text }
		c.Dependencies = append(c.Dependencies, Dependency{
			Name: field("name"), Type: field("type"), URL: field("url"), Version: field("version"),
		})
	}
	return ok || value == nil
}

// parseConfig reads chatbot.yaml.
func parseConfig(data []byte, r *report) Config {
	c := defaultConfig()
	c.lengthEnabled, c.timeEnabled, c.olderThreshold = true, true, -1
	document, err := parseYAML(data)
	if err != nil {
		reportYAML(ConfigFile, err, r)
		return c
	}
	reader := &configReader{config: &c, report: r, document: document, given: map[string]bool{}}
	reader.mapping("", document.root)
	reader.limits()
	reader.required()
	return c
}

type configReader struct {
	config   *Config
	document *yamlDocument
	given    map[string]bool
	*report
}

// mapping reads the keys below prefix.
func (c *configReader) mapping(prefix string, node ast.Node) {
	var members []*ast.MappingValueNode
	switch n := node.(type) {
	case nil, *ast.NullNode:
		return
	case *ast.MappingNode:
		members = n.Values
	case *ast.MappingValueNode:
		members = []*ast.MappingValueNode{n}
	default:
		c.errorf(tokenPos(ConfigFile, node.GetToken()), "bad-value", "%s must hold keys", c.what(prefix))
		return
	}
	for _, m := range members {
		c.key(prefix+keyName(m.Key), m)
	}
}

func (c *configReader) what(prefix string) string {
	if prefix == "" {
		return ConfigFile
	}
	return strings.TrimSuffix(prefix, ".")
}

func (c *configReader) key(name string, m *ast.MappingValueNode) {
	pos := tokenPos(ConfigFile, m.Key.GetToken())
	set, known := settings[name]
	switch {
	case c.given[name]:
		c.errorf(pos, "repeated-key", "the key %s is given twice", name)
	case known && set == nil:
		c.warnf(pos, "unused-key", "the key %s has no effect here", name)
	case known:
		c.set(name, set, m)
	case isGroup(name):
		c.mapping(name+".", m.Value)
	default:
		c.warnf(pos, "unknown-key", "unknown key %s; it is ignored", name)
		c.hint(didYouMean(name, settingNames()))
	}
	c.given[name] = true
}

func (c *configReader) set(name string, set setting, m *ast.MappingValueNode) {
	pos := tokenPos(ConfigFile, m.Value.GetToken())
	encoded, err := c.document.encode(m.Value)
	if err != nil {
		c.errorf(pos, "bad-yaml", "%s", err)
		return
	}
	var value any
	if err := json.Unmarshal(encoded, &value); err != nil {
		c.errorf(pos, "bad-value", "%s cannot be read: %s", name, err)
		return
	}
	if !set(c.config, value) {
		c.errorf(pos, "bad-value", "%s has the wrong type", name)
	}
	switch name {
	case "entryPoint":
		c.config.entryPoints = sources(m.Value, c.config.EntryPoints)
	case "customTags":
		c.config.customTags = sources(m.Value, c.config.CustomTags)
	case "exampleGroups":
		c.config.exampleGroups = sources(m.Value, c.config.ExampleGroups)
	}
}

// sources places the strings of a list.
func sources(node ast.Node, texts []string) []Source {
	var placed []Source
	for i, text := range texts {
		pos := tokenPos(ConfigFile, node.GetToken())
		if sequence, ok := node.(*ast.SequenceNode); ok && i < len(sequence.Values) {
			pos = tokenPos(ConfigFile, sequence.Values[i].GetToken())
		}
		placed = append(placed, NewSource(text, pos))
	}
	return placed
}

func isGroup(name string) bool {
	for known := range settings {
		if strings.HasPrefix(known, name+".") {
			return true
		}
	}
	return false
}

func settingNames() []string {
	var names []string
	for name := range settings {
		names = append(names, name)
	}
	return names
}

// limits brings the older spellings together: -1 and enabled: false are no limit.
func (c *configReader) limits() {
	nlp := &c.config.NLP
	if older := c.config.olderThreshold; older >= 0 {
		if !c.given["nlp.intentNoMatchThresholds.phrases"] {
			nlp.PhraseThreshold = older
		}
		if !c.given["nlp.intentNoMatchThresholds.patterns"] {
			nlp.PatternThreshold = older
		}
	}
	if nlp.LengthSymbols = max(nlp.LengthSymbols, 0); !c.config.lengthEnabled {
		nlp.LengthSymbols = 0
	}
	if nlp.LengthWords = max(nlp.LengthWords, 0); !c.config.lengthEnabled {
		nlp.LengthWords = 0
	}
	if nlp.TimeLimit = max(nlp.TimeLimit, 0); !c.config.timeEnabled {
		nlp.TimeLimit = 0
	}
	nlp.NBest = max(nlp.NBest, 1)
}

// defaultLanguage is that of bots which name none: the older engine knew no other.
const defaultLanguage = "ru"

func (c *configReader) required() {
	top := Pos{File: ConfigFile, Line: 1, Column: 1}
	if len(c.config.EntryPoints) == 0 {
		c.errorf(top, "missing-key", "the key entryPoint is missing: it names the first file, relative to src")
	}
	if c.config.BotEngine == "v2" && c.config.Language == "" {
		c.warnf(top, "missing-key", "the key language is missing; botEngine v2 needs it; %s is taken", defaultLanguage)
	}
	if c.config.Language == "" {
		c.config.Language = defaultLanguage
	}
}
