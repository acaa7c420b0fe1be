package desk

import (
	"net/http"

	"parley/internal/desk"
)

// peopleRoutes are departments, canned replies and saved views.
func peopleRoutes() []route {
	const (
		read, answer, manage = desk.PermissionRead, desk.PermissionAnswer, desk.PermissionManage

		department = Base + "/departments/{department_id}"
		reply      = Base + "/canned-replies/{reply_id}"
		view       = Base + "/views/{view_id}"
	)
	return []route{
		{http.MethodGet, Base + "/departments", read, nothing, listDepartments, nil},
		{http.MethodPost, Base + "/departments", manage, object, createDepartment, nil},
		{http.MethodPatch, department, manage, object, changeDepartment, nil},
		{http.MethodDelete, department, manage, nothing, deleteDepartment, nil},
		{http.MethodGet, Base + "/canned-replies", read, nothing, listCannedReplies, nil},
		{http.MethodPost, Base + "/canned-replies", answer, object, createCannedReply, nil},
		{http.MethodPatch, reply, answer, object, changeCannedReply, nil},
		{http.MethodDelete, reply, answer, nothing, deleteCannedReply, nil},
		{http.MethodGet, Base + "/views", read, nothing, listViews, nil},
		{http.MethodPost, Base + "/views", read, object, createView, nil},
		{http.MethodPatch, view, read, object, changeView, nil},
		{http.MethodDelete, view, read, nothing, deleteView, nil},
	}
}

// threadRoutes are the list, what is in a thread and what people do with it.
func threadRoutes() []route {
	const (
		one                  = Base + "/threads/{thread_id}"
		read, answer, manage = desk.PermissionRead, desk.PermissionAnswer, desk.PermissionManage
	)
	return []route{
		{http.MethodGet, Base + "/live", read, nothing, nil, openLive},
		{http.MethodGet, Base + "/integrations", read, nothing, listIntegrations, nil},
		{http.MethodGet, Base + "/integrations/{integration_id}/states", read, nothing, listStates, nil},
		{http.MethodGet, Base + "/threads", read, nothing, listThreads, nil},
		{http.MethodGet, one, read, nothing, showThread, nil},
		{http.MethodGet, one + "/events", read, nothing, listEvents, nil},
		{http.MethodGet, one + "/previous", read, nothing, listPrevious, nil},
		{http.MethodPost, one + "/messages", answer, object, sendMessage, nil},
		{http.MethodPost, one + "/notes", answer, object, addNote, nil},
		{http.MethodPost, one + "/claim", answer, object, claimThread, nil},
		{http.MethodPost, one + "/transfer", answer, object, transferThread, nil},
		{http.MethodPost, one + "/return", answer, object, returnThread, nil},
		{http.MethodPost, one + "/resolve", answer, object, resolveThread, nil},
		{http.MethodPost, one + "/reopen", answer, object, reopenThread, nil},
		{http.MethodPost, one + "/snooze", answer, object, snoozeThread, nil},
		{http.MethodPost, one + "/wake", answer, object, wakeThread, nil},
		{http.MethodPost, one + "/read", answer, object, readThread, nil},
		{http.MethodPost, one + "/typing", answer, object, typeInThread, nil},
		{http.MethodPatch, one + "/context", answer, object, changeContext, nil},
		{http.MethodGet, one + "/context/history", read, nothing, listContextHistory, nil},
		{http.MethodPost, one + "/files", answer, object, uploadFile, nil},
		{http.MethodGet, Base + "/files/{file_id}", read, nothing, downloadFile, nil},
		{http.MethodGet, Base + "/search", read, nothing, search, nil},
		{http.MethodGet, Base + "/reports", manage, nothing, showReport, nil},
	}
}
