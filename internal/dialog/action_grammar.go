package dialog

import (
	"slices"
	"strings"
)

// actionGrammar is what a built-in action tag takes (dialog-language 3.6,
// script-api 5.3). Parameters named in states are paths.
type actionGrammar struct {
	required []string
	optional []string
	states   []string
	// waits is true for a tag that waits for the user's next message.
	waits bool
	// telephony and foreign services: the tag has no effect here.
	noEffect bool
}

// questionParams are those of every tag that asks the user something.
var questionParams = []string{"html", "htmlEnabled", "actions", "failureMessage", "failureMessageHtml"}

// actionTags are the built-in block tags.
var actionTags = map[string]actionGrammar{
	"EndSession":       {},
	"InputText":        {required: []string{"prompt", "varName"}, optional: questionParams, states: []string{"then"}, waits: true},
	"InputPhoneNumber": {required: []string{"prompt", "varName"}, optional: questionParams, states: []string{"then"}, waits: true},
	"InputFile":        {required: []string{"prompt", "varName"}, optional: append([]string{"errorMessage"}, questionParams...), states: []string{"then", "errorState"}, waits: true},
	"InputNumber": {
		required: []string{"prompt", "varName"}, optional: append([]string{"minValue", "maxValue"}, questionParams...),
		states: []string{"then"}, waits: true,
	},
	"Confirmation": {
		required: []string{"prompt"}, optional: append([]string{"useButtons", "agreeButton", "disagreeButton"}, questionParams...),
		states: []string{"agreeState", "disagreeState"}, waits: true,
	},
	"HttpRequest": {
		required: []string{"url"}, optional: []string{"method", "dataType", "body", "timeout", "headers", "vars", "form"},
		states: []string{"okState", "errorState"},
	},
	"Email": {
		required: []string{"destination"}, optional: []string{"subject", "text", "html", "htmlEnabled", "files"},
		states: []string{"okState", "errorState", "then"},
	},
	"TransferToOperator": {
		optional: []string{
			"titleOfCloseButton", "messageBeforeTransfer", "messageBeforeTransferHtml", "prechatAttributes", "ignoreOffline",
			"messageForWaitingOperator", "messageForWaitingOperatorHtml", "sendMessagesToOperator", "sendMessageHistoryAmount",
			"theme", "destination", "actions", "htmlEnabled",
		},
		states: []string{"noOperatorsOnlineState", "dialogCompletedState"},
	},
	"GoogleSheets":           {noEffect: true},
	"Sms":                    {noEffect: true},
	"TelegramPayment":        {noEffect: true},
	"TransferCallToOperator": {noEffect: true},
}

// isActionTag tells whether a name is that of an action tag of the language.
func isActionTag(name string) bool {
	_, known := actionTags[name]
	return known
}

// params are all parameters of the tag; editors add boundsTo.
func (g actionGrammar) params() []string {
	names := append([]string{"boundsTo"}, g.required...)
	return append(append(names, g.optional...), g.states...)
}

// leads tells whether a parameter of a tag is the path of a state. A bot's own
// tags follow the custom of the built-in ones.
func leads(tag, param string) bool {
	if !isActionTag(tag) {
		return param == "then" || strings.HasSuffix(param, "State")
	}
	return slices.Contains(actionTags[tag].states, param)
}
