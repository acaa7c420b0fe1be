package script

import (
	"encoding/json"
	"strings"

	"parley/internal/session"
)

// request is what the dialog answers: script-api 1.6.
type request struct {
	Query       string `json:"query"`
	Event       string `json:"event"`
	TargetState string `json:"targetState"`
	// full is the whole request of a pass after newSession, as JSON.
	full string
}

// eventFile is a message of files without a text: dialog-language 9.
const eventFile = "fileEvent"

// fileData is one file as $request.data.eventData shows it.
type fileData struct {
	Type     string `json:"type"`
	Name     string `json:"name,omitempty"`
	URL      string `json:"url"`
	MimeType string `json:"mimeType,omitempty"`
}

func filesOf(list []session.Attachment) []fileData {
	files := []fileData{}
	for _, a := range list {
		files = append(files, fileData{Type: a.Type, Name: a.Filename, URL: a.URL, MimeType: a.MimeType})
	}
	return files
}

func requestOf(turn *session.Turn) request {
	r := request{Query: turn.Input.Text, TargetState: turn.TargetState}
	switch {
	case turn.Input.Event != nil:
		r.Event, r.Query = turn.Input.Event.Name, ""
	case len(turn.Input.Attachments) > 0 && strings.TrimSpace(turn.Input.Text) == "":
		r.Event, r.Query = eventFile, ""
	case widgetStarts(turn):
		r.Query = startCommand
	}
	return r
}

// startCommand is the text with which channels begin a dialog.
const startCommand = "/start"

// widgetStarts reports the message that the web widget sends by itself.
func widgetStarts(turn *session.Turn) bool {
	return turn.Session.Channel == string(session.KindWeb) && turn.Integration != nil &&
		turn.Input.Text == turn.Integration.Settings.WelcomeTrigger()
}

// parseRequest reads the request that newSession leaves.
func parseRequest(full string) request {
	var fields struct {
		Query, Event *string
	}
	_ = json.Unmarshal([]byte(full), &fields) // it was made by the prelude
	r := request{full: full}
	if fields.Query != nil {
		r.Query = *fields.Query
	}
	if fields.Event != nil {
		r.Event = *fields.Event
	}
	return r
}

// view is what scripts see of a turn.
type view struct{ *run }

// chat is the request of the Chat API that the turn answers; nil for none.
func (r view) chat() *session.ChatRequest { return session.ChatRequestOf(r.turn.Raw) }

func (r view) requestType() string {
	if r.request.Event != "" || r.request.TargetState != "" {
		return "event"
	}
	return "query"
}

func (r view) requestData() map[string]any {
	data := map[string]any{}
	if chat := r.chat(); chat != nil {
		data = chatData(chat)
	}
	if r.turn.Session.IsTest {
		data["isTestChannel"] = true
	}
	if e := r.turn.Input.Event; e != nil && len(e.Data) > 0 {
		data["eventData"] = e.Data
	}
	if len(r.turn.Input.Attachments) > 0 && r.turn.Input.Event == nil {
		data["eventData"] = filesOf(r.turn.Input.Attachments)
	}
	if r.extra.Block != "" {
		data["args"] = r.extra.Args
	}
	for name, value := range r.given.data {
		data[name] = value
	}
	return data
}

// channel is the channel type: the web widget is chatwidget, a custom
// integration chatapi.
func (r view) channel() string {
	if r.given.channel != "" {
		return r.given.channel
	}
	if r.turn.Session.Channel == string(session.KindWeb) {
		return "chatwidget"
	}
	return "chatapi"
}

func (r view) questionID() string {
	if r.given.questionID != "" {
		return r.given.questionID
	}
	if chat := r.chat(); chat != nil && chat.QuestionID != "" {
		return chat.QuestionID
	}
	return r.turn.RequestID.String()
}

func (r view) userID() string {
	if r.turn.Session.ChannelUserID != "" {
		return r.turn.Session.ChannelUserID
	}
	return r.turn.Client.UserID
}

// userFrom is the person, from the context document; a client of the Chat API
// is known by its id alone.
func (r view) userFrom() map[string]any {
	if clientID, ok := r.turn.Session.ChatClient(); ok {
		return map[string]any{"id": clientID, "firstName": clientID}
	}
	name, _ := r.turn.Document.At("user", "display_name")
	text, _ := name.(string)
	first, last, _ := strings.Cut(text, " ")
	return map[string]any{"id": r.userID(), "firstName": first, "lastName": last}
}

// rawRequest is the message as received, with messages: script-api 1.6.
func (r view) rawRequest() string {
	if r.given.raw != nil {
		return string(r.given.raw)
	}
	raw := map[string]any{}
	if chat := r.chat(); chat != nil {
		raw = r.chatRaw(chat)
	} else if len(r.turn.Raw) > 0 {
		_ = json.Unmarshal(r.turn.Raw, &raw) // the face checked it
	}
	message := map[string]any{"text": r.turn.Input.Text, "attachments": r.turn.Input.Attachments}
	if r.turn.Input.Attachments == nil {
		message["attachments"] = []any{}
	}
	if _, given := raw["messages"]; !given {
		raw["messages"] = []any{message}
	}
	return marshal(raw)
}

// chatRaw is the body of the Chat API with what the platform adds: script-api
// 6.1. The token is left out.
func (r view) chatRaw(chat *session.ChatRequest) map[string]any {
	raw := map[string]any{}
	_ = json.Unmarshal(chat.Body, &raw) // the face checked it
	raw["clientId"], raw["userId"], raw["questionId"] = chat.ClientID, r.userID(), r.questionID()
	raw["query"] = r.turn.Input.Text
	if m := r.turn.Message; m != nil {
		raw["timestamp"] = session.ChatTime(m.AtMs)
	}
	return raw
}

// chatData is $request.data: the field data of the body, and the headers.
func chatData(chat *session.ChatRequest) map[string]any {
	var body struct {
		Data map[string]any `json:"data"`
	}
	_ = json.Unmarshal(chat.Body, &body) // the face checked it
	if body.Data == nil {
		body.Data = map[string]any{}
	}
	body.Data["requestHeaders"] = chat.Headers
	return body.Data
}

// contactPhone is the phone number of a contact that a messenger sent.
func contactPhone(r view) string {
	var raw struct {
		Message struct {
			Contact struct {
				Phone string `json:"phone_number"`
			} `json:"contact"`
		} `json:"message"`
	}
	_ = json.Unmarshal([]byte(r.rawRequest()), &raw) // what has another form holds no contact
	return raw.Message.Contact.Phone
}

// fileURL is the address of the first file of the request.
func fileURL(r view) (string, bool) {
	var files []fileData
	data, err := json.Marshal(r.requestData()["eventData"])
	if err != nil || json.Unmarshal(data, &files) != nil || len(files) == 0 {
		return "", false
	}
	return files[0].URL, files[0].URL != ""
}
