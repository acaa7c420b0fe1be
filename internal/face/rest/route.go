package rest

import (
	"net/http"
	"slices"

	"parley/internal/blob"
)

// family says whose format a route speaks.
type family int

const (
	moveo   family = iota // contract a: {error_code, error_message}
	own                   // ours: RFC 9457
	chatAPI               // script-api 6.1: {error, exception, message}
)

// takes says what a route does with a request body.
type takes int

const (
	nothing takes = iota // any body is ignored
	object               // a JSON object
	content              // anything, read by the operation itself
)

// reach says which sessions a route acts on: architecture, Session life 4.
type reach int

const (
	noSession   reach = iota
	openSession       // the newest successor, if it is open
	opens             // the newest successor; one is opened after stopSession
	reads             // like openSession, but with exact=true the very session
)

// route is one operation of the face.
type route struct {
	method string
	path   string // pattern of http.ServeMux
	family family
	public bool // needs no key
	takes  takes
	reach  reach
	do     func(c *call) (answer, error)
}

// routes returns the operations in the order of the contract.
func routes() []route {
	const (
		sessions = "/v1/custom/{integration_id}/sessions"
		one      = sessions + "/{session_id}"
		list     = "/api/v1/integrations/{integration_id}/sessions"
		item     = list + "/{session_id}"
		people   = "/api/v1/integrations/{integration_id}/people"
	)
	documented := []route{
		{http.MethodPost, sessions, moveo, false, object, noSession, createSession},
		{http.MethodPatch, one + "/context", moveo, false, object, opens, updateContext},
		{http.MethodPost, one + "/close", moveo, false, nothing, openSession, closeSession},
		{http.MethodPost, one + "/messages", moveo, false, object, opens, acceptMessage},
		{http.MethodPost, one + "/messages/agent", moveo, false, object, openSession, recordMessage},
		{http.MethodPost, one + "/messages/read", moveo, false, object, openSession, messagesRead},
		{http.MethodPost, one + "/messages/delivered", moveo, false, object, openSession, messagesDelivered},
		{http.MethodPost, one + "/conversation/close", moveo, false, nothing, openSession, closeConversation},
		{http.MethodPost, one + "/conversation/reopen", moveo, false, nothing, openSession, reopenConversation},
		{http.MethodPost, one + "/handover", moveo, false, nothing, opens, handOver},
		{http.MethodPost, one + "/files/upload-url", moveo, false, object, opens, uploadURL},
		{http.MethodPost, one + "/files/download-url", moveo, false, object, opens, downloadURL},
		{http.MethodPut, blob.UploadPath, moveo, true, content, noSession, putFile},
		{http.MethodOptions, blob.UploadPath, moveo, true, nothing, noSession, filePreflight},
		{http.MethodGet, blob.DownloadPath, moveo, true, nothing, noSession, getFile},
		{http.MethodOptions, blob.DownloadPath, moveo, true, nothing, noSession, filePreflight},
		{http.MethodPost, "/v1/{channel}/{integration_id}/webview", moveo, true, object, noSession, submitWebview},
		{http.MethodOptions, "/v1/{channel}/{integration_id}/webview", moveo, true, nothing, noSession, pagePreflight},
		{http.MethodGet, "/v1/context/{integration_id}", moveo, true, nothing, noSession, showContext},
		{http.MethodOptions, "/v1/context/{integration_id}", moveo, true, nothing, noSession, pagePreflight},
		{http.MethodPost, "/v1/survey/{integration_id}", moveo, true, object, noSession, submitSurvey},
		{http.MethodOptions, "/v1/survey/{integration_id}", moveo, true, nothing, noSession, pagePreflight},
		{http.MethodGet, "/v1/web/{integration_id}", moveo, true, nothing, noSession, webConfiguration},
		{http.MethodOptions, "/v1/web/{integration_id}", moveo, true, nothing, noSession, webPreflight},

		{http.MethodGet, list, own, false, nothing, noSession, listSessions},
		{http.MethodGet, item, own, false, nothing, reads, showSession},
		{http.MethodGet, item + "/messages", own, false, nothing, reads, listMessages},
		{http.MethodGet, item + "/transcript", own, false, nothing, reads, writeTranscript},
		{http.MethodGet, item + "/events", own, false, nothing, reads, listEvents},
		{http.MethodPost, item + "/claim", own, false, object, opens, claimConversation},
		{http.MethodPost, item + "/agent-messages", own, false, object, openSession, sendAgentMessage},
		{http.MethodPost, item + "/resolve", own, false, object, openSession, resolveConversation},
		{http.MethodPost, item + "/transfer", own, false, object, opens, transferConversation},
		{http.MethodPost, item + "/return", own, false, object, openSession, returnConversation},
		{http.MethodPost, item + "/snooze", own, false, object, openSession, snoozeConversation},
		{http.MethodPost, item + "/wake", own, false, object, openSession, wakeConversation},
		{http.MethodPost, item + "/notes", own, false, object, openSession, addNote},
		{http.MethodGet, people, own, false, nothing, noSession, findPerson},
		{http.MethodDelete, people, own, false, nothing, noSession, erasePerson},
		{http.MethodGet, people + "/export", own, false, nothing, noSession, exportPerson},
		{http.MethodGet, "/api/v1/integrations/{integration_id}/erasures", own, false, nothing, noSession, listErasures},
		{http.MethodPost, "/api/v1/pushbacks/{pushback_id}", own, true, object, noSession, usePushback},
		{http.MethodGet, "/problems/{code}", own, true, nothing, noSession, describeProblem},
	}
	return slices.Concat(documented, chatRoutes(""), chatRoutes("/chatadapter"))
}

// refusing is the route of a path or method that is not served.
func refusing(path string, fam family, why error) route {
	return route{path: path, family: fam, public: true, do: func(*call) (answer, error) { return answer{}, why }}
}
