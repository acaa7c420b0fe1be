package lsp

// tagDoc is what a tag does, in one line; "" for an unknown one.
func tagDoc(name string) string { return tagDocs[name] }

// tagDocs describe the tags of dialog-language 3.
var tagDocs = map[string]string{
	"theme":    "opens a part of the dialog; its name goes before the paths of the states in it",
	"require":  "loads a script, pattern, dictionary or data file",
	"init":     "JavaScript that runs once when the bot is loaded",
	"patterns": "named patterns for the whole project, one a line: $Name = pattern",
	"state":    "a state: triggers that lead to it and reactions that run in it",

	"q":            "a pattern that leads here from the context around the state",
	"q!":           "a pattern that leads here from everywhere",
	"e":            "an example phrase that leads here from the context around the state",
	"e!":           "an example phrase that leads here from everywhere",
	"eg":           "a group of example phrases that leads here from the context around the state",
	"eg!":          "a group of example phrases that leads here from everywhere",
	"intent":       "an intent that leads here from the context around the state",
	"intent!":      "an intent that leads here from everywhere",
	"intentGroup":  "all intents below a path lead here from the context around the state",
	"intentGroup!": "all intents below a path lead here from everywhere",
	"event":        "an event that leads here from the context around the state",
	"event!":       "an event that leads here from everywhere",

	"a":             "says a text; {{ }} holds JavaScript",
	"image":         "sends a picture",
	"audio":         "sends a sound",
	"video":         "sends a video",
	"buttons":       "offers answers, one a line: \"text\" or \"text\" -> /State",
	"inlineButtons": "offers buttons in the message, also links",
	"go":            "makes another state the context; its reactions do not run",
	"go!":           "enters another state; what follows here is skipped",
	"if":            "runs what is below when the JavaScript expression is true",
	"elseif":        "another condition, when those before were false",
	"else":          "runs when all conditions before were false",
	"random":        "runs exactly one of the reactions below",
	"script":        "JavaScript",
	"scriptEs6":     "JavaScript with await and modules",
	"timeout":       "enters a state when the user stays silent for the interval",
	"newSession":    "starts a new session and takes the request again there",

	"InputText":              "asks for a text and keeps it in $session",
	"InputNumber":            "asks for a number and keeps it in $session",
	"InputPhoneNumber":       "asks for a phone number and keeps it in $session",
	"InputFile":              "asks for a file and keeps its address in $session",
	"Confirmation":           "asks for yes or no and goes on accordingly",
	"HttpRequest":            "calls an HTTP service",
	"Email":                  "sends a mail",
	"TransferToOperator":     "hands the dialog over to people",
	"EndSession":             "ends the session",
	"GoogleSheets":           "a service outside; has no effect here",
	"Sms":                    "a service outside; has no effect here",
	"TelegramPayment":        "a service outside; has no effect here",
	"TransferCallToOperator": "for telephony; has no effect here",
}
