package lsp

import "encoding/json"

// message is a request, notification or response: JSON-RPC 2.0.
type message struct {
	Version string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id,omitempty"` // none in a notification
	Method  string          `json:"method,omitempty"`
	Params  json.RawMessage `json:"params,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   *rpcError       `json:"error,omitempty"`
}

// rpcError is why a request was refused.
type rpcError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

func (e *rpcError) Error() string { return e.Message }

// Codes of errors: JSON-RPC 2.0 and LSP.
const (
	codeParse          = -32700
	codeInvalidRequest = -32600
	codeNoMethod       = -32601
	codeInvalidParams  = -32602
	codeInternal       = -32603
	codeNotInitialized = -32002
)

func invalidParams(err error) *rpcError {
	return &rpcError{Code: codeInvalidParams, Message: "the parameters cannot be read: " + err.Error()}
}

// paramsOf reads the parameters of a message; none are the zero value.
func paramsOf[T any](m *message) (params T, wrong *rpcError) {
	if len(m.Params) == 0 {
		return params, nil
	}
	if err := json.Unmarshal(m.Params, &params); err != nil {
		return params, invalidParams(err)
	}
	return params, nil
}
