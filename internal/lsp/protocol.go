package lsp

// Types of the protocol, as far as they are used here. Lines and characters start
// at 0; a character is a UTF-16 code unit.
type (
	position struct {
		Line      int `json:"line"`
		Character int `json:"character"`
	}
	span struct {
		Start position `json:"start"`
		End   position `json:"end"` // behind the last character
	}
	location struct {
		URI   string `json:"uri"`
		Range span   `json:"range"`
	}
	identifier struct {
		URI string `json:"uri"`
	}
	placeParams struct {
		Document identifier `json:"textDocument"`
		Position position   `json:"position"`
	}
	documentParams struct {
		Document identifier `json:"textDocument"`
	}
	openParams struct {
		Document struct {
			URI  string `json:"uri"`
			Text string `json:"text"`
		} `json:"textDocument"`
	}
	changeParams struct {
		Document identifier `json:"textDocument"`
		Changes  []struct {
			Range *span  `json:"range"`
			Text  string `json:"text"`
		} `json:"contentChanges"`
	}
	diagnostic struct {
		Range    span   `json:"range"`
		Severity int    `json:"severity"`
		Code     string `json:"code"`
		Source   string `json:"source"`
		Message  string `json:"message"`
	}
	publishParams struct {
		URI         string       `json:"uri"`
		Diagnostics []diagnostic `json:"diagnostics"`
	}
	edit struct {
		Range   span   `json:"range"`
		NewText string `json:"newText"`
	}
	completion struct {
		Label      string `json:"label"`
		Kind       int    `json:"kind"`
		Detail     string `json:"detail,omitempty"`
		FilterText string `json:"filterText"`
		TextEdit   edit   `json:"textEdit"`
	}
	completionList struct {
		Incomplete bool         `json:"isIncomplete"`
		Items      []completion `json:"items"`
	}
	markup struct {
		Kind  string `json:"kind"`
		Value string `json:"value"`
	}
	hover struct {
		Contents markup `json:"contents"`
		Range    span   `json:"range"`
	}
	symbol struct {
		Name      string   `json:"name"`
		Detail    string   `json:"detail"`
		Kind      int      `json:"kind"`
		Range     span     `json:"range"`
		Selection span     `json:"selectionRange"`
		Children  []symbol `json:"children,omitempty"`
	}
)

// Severities of diagnostics.
const (
	severityError   = 1
	severityWarning = 2
)

// Kinds of completions.
const (
	kindProperty  = 10
	kindKeyword   = 14
	kindReference = 18
	kindEvent     = 23
	kindVariable  = 6
)

// Kinds of symbols.
const (
	symbolNamespace = 3
	symbolClass     = 5
)
