package rest

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"
)

const people = "/api/v1/integrations/shop/people"

// TestPersonIsGivenOutAndErased: guarantees 2, row 25.
func TestPersonIsGivenOutAndErased(t *testing.T) { everybody(start(t)) }

func everybody(st *stack) {
	t := st.t
	t.Helper()
	id := st.create(`{"channel_user_id":"ada","context":{"user":{"display_name":"Ada"}}}`)
	st.do(ask{method: "PATCH", path: one(id) + "/context", body: `{"pets":["Zanzibar"]}`}).want(200)
	client, _ := st.do(ask{method: "GET", path: people + "?channel_user_id=ada"}).want(200).get("client_id").(string)
	st.do(ask{method: "GET", path: people + "?session_id=" + id}).want(200).is(client, "client_id")

	packed := st.do(ask{method: "GET", path: people + "/export?client_id=" + client}).want(200)
	archive, err := zip.NewReader(strings.NewReader(packed.text), int64(len(packed.text)))
	must(t, err)
	page, err := archive.Open("person.json")
	must(t, err)
	var content bytes.Buffer
	_, err = content.ReadFrom(page)
	must(t, err)
	if !strings.Contains(content.String(), "Zanzibar") {
		t.Errorf("%s", &content)
	}

	proof := st.do(ask{method: "DELETE", path: people + "?channel_user_id=ada"}).want(200)
	proof.is("api", "by").is(1, "rows", "sessions")
	st.do(ask{method: "DELETE", path: people + "?channel_user_id=ada"}).want(404)
	st.do(ask{method: "GET", path: people + "?session_id=" + id}).want(404)
	st.do(ask{method: "PATCH", path: one(id) + "/context", body: `{}`}).want(404)
	st.do(ask{method: "GET", path: "/api/v1/integrations/shop/erasures"}).want(200).is(proof.get("erasure_id"), "erasures", 0, "erasure_id")
	unknownPeople(st)
}

func unknownPeople(st *stack) {
	st.t.Helper()
	for _, query := range []string{"", "?client_id=x", "?session_id=1", "?client_id=" + missing + "&channel_user_id=ada"} {
		st.do(ask{method: "GET", path: people + query}).want(400)
		st.do(ask{method: "DELETE", path: people + query}).want(400)
		st.do(ask{method: "GET", path: people + "/export" + query}).want(400)
	}
	for _, query := range []string{"?client_id=" + missing, "?channel_user_id=nobody", "?session_id=" + missing} {
		st.do(ask{method: "GET", path: people + query}).want(404)
		st.do(ask{method: "GET", path: people + "/export" + query}).want(404)
		st.do(ask{method: "DELETE", path: people + query}).want(404)
	}
	st.do(ask{method: "GET", path: "/api/v1/integrations/shop/erasures?cursor=x"}).want(400)
}

const missing = "01890a5d-ac96-774b-bcce-b302099a8057"
