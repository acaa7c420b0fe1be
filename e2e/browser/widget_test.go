package browser

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"parley/internal/signing"
)

// The launcher is there without moving the page, loads the chat on intent and
// within the budget; the bot answers, options work, the context comes masked.
func TestWidget_OpensAndTalks(t *testing.T) {
	t.Parallel()
	drive(t, "widget", "talks", object{"base": serve(t, "--demo").base})
}

// Guarantees 3.2, launcher: programs that read pages get no chat, a page that
// replaces its body keeps it, and calls made before the script came are kept.
func TestWidget_LivesOnAnyPage(t *testing.T) {
	t.Parallel()
	s := serve(t)
	made := s.site(object{"bot_url": hostile(t).URL, "bot_secret": botSecret, "web": object{"welcome_message": "Welcome."}})
	drive(t, "widget", "lives", object{"base": s.base, "integration": made.ID})
}

// Lines are cut at random while both sides speak: nothing is lost, doubled or
// out of order, and what was written without a line is sent when it is back.
func TestWidget_LosesNothingWhenLinesAreCut(t *testing.T) {
	t.Parallel()
	s := serve(t)
	made := s.site(object{"bot_url": echo(t).URL, "bot_secret": botSecret})
	drive(t, "widget", "cut", object{"base": s.base, "integration": made.ID, "key": made.Key})
}

// What a line swallows without breaking is missed by its sequence, and asked
// for; what a browser asks for again by itself is answered again.
func TestWidget_MissesWhatALineSwallowed(t *testing.T) {
	t.Parallel()
	s := serve(t)
	made := s.site(object{"bot_url": echo(t).URL, "bot_secret": botSecret})
	for name, polls := range map[string]bool{"websocket": false, "polling": true} {
		t.Run(name, func(t *testing.T) {
			drive(t, "widget", "swallow", object{"base": s.base, "integration": made.ID, "key": made.Key, "polls": polls})
		})
	}
}

// A device that slept notices with its first word that the line is dead.
func TestWidget_GoesOnAfterSleep(t *testing.T) {
	t.Parallel()
	s := serve(t)
	made := s.site(object{"bot_url": echo(t).URL, "bot_secret": botSecret})
	drive(t, "widget", "sleeps", object{"base": s.base, "integration": made.ID, "key": made.Key})
}

// Nothing that a bot, an agent, a visitor or a setting says becomes script.
func TestWidget_RunsNoScriptOfOthers(t *testing.T) {
	t.Parallel()
	s := serve(t)
	const script = `<img src=x onerror="top.bad=1"><script>top.bad=1</script>`
	made := s.site(object{"bot_url": hostile(t).URL, "bot_secret": botSecret, "desk": true, "web": object{
		"name": script, "header_title": script, "welcome_message": script, "avatar": "javascript:top.bad=1", "bubble_image": "javascript:top.bad=1",
		"required_fields": []string{"display_name", script}, "file_upload": true,
	}})
	drive(t, "widget", "hostile", object{"base": s.base, "integration": made.ID, "key": made.Key, "script": script})
}

// The replies of moveo (e), a form before the chat, people, the unread count,
// a survey and a conversation that is opened again.
func TestWidget_ShowsWhatBotsAndPeopleSend(t *testing.T) {
	t.Parallel()
	s := serve(t)
	made := s.site(object{"bot_url": rich(t).URL, "bot_secret": botSecret, "desk": true, "web": object{
		"required_fields": []string{"display_name"}, "optional_fields": []string{"email", "order_number"},
		"show_survey": true, "file_upload": true, "rate_responses": true,
	}})
	drive(t, "widget", "rich", object{"base": s.base, "integration": made.ID, "key": made.Key})
}

// An integration that wants to know who writes: without a token nothing begins,
// with one the session is that person's, also on the next page.
func TestWidget_ProvesWhoTheVisitorIs(t *testing.T) {
	t.Parallel()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	must(t, err)
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	must(t, err)
	s := serve(t)
	made := s.site(object{
		"bot_url": echo(t).URL, "bot_secret": botSecret, "identity_required": true, "identity_issuer": "shop",
		"identity_public_key": string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})),
	})
	drive(t, "widget", "signed", object{"base": s.base, "integration": made.ID, "key": made.Key, "ada": token(t, key, "ada"), "bob": token(t, key, "bob")})
}

// token signs an identity token of an hour.
func token(t *testing.T, key *rsa.PrivateKey, subject string) string {
	t.Helper()
	claims, err := json.Marshal(object{"sub": subject, "iss": "shop", "exp": time.Now().Add(time.Hour).Unix()})
	must(t, err)
	text := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"RS256","typ":"JWT"}`)) + "." + base64.RawURLEncoding.EncodeToString(claims)
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	must(t, err)
	return text + "." + base64.RawURLEncoding.EncodeToString(signature)
}

// botSecret signs both ways between the server and the bots of these tests.
const botSecret = "whsec_bW92ZW8tc2VjcmV0LWtleS0yNA=="

// bot serves what a function says to a text.
func bot(t *testing.T, says func(text string) []object) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, err := io.ReadAll(r.Body)
		var asked struct {
			Input struct {
				Text string `json:"text"`
			} `json:"input"`
		}
		if err != nil || json.Unmarshal(raw, &asked) != nil {
			http.Error(w, "not a turn", http.StatusBadRequest)
			return
		}
		answer, err := json.Marshal(object{"responses": says(asked.Input.Text)})
		if err != nil {
			t.Error(err)
		}
		seconds, _ := strconv.ParseInt(r.Header.Get("webhook-timestamp"), 10, 64)
		w.Header().Set("webhook-signature", signing.Standard(botSecret, "answer."+r.Header.Get("webhook-id"), time.Unix(seconds, 0), answer))
		_, _ = w.Write(answer)
	}))
	t.Cleanup(s.Close)
	return s
}

func echo(t *testing.T) *httptest.Server {
	t.Helper()
	return bot(t, func(text string) []object { return []object{{"type": "text", "text": "echo " + text}} })
}

func hostile(t *testing.T) *httptest.Server {
	t.Helper()
	const script, address = `<img src=x onerror="top.bad=1"><svg onload="top.bad=1"><script>top.bad=1</script>`, "javascript:top.bad=1"
	return bot(t, func(text string) []object {
		if strings.HasPrefix(text, "handover") {
			return []object{{"type": "handover"}}
		}
		return []object{
			{"type": "text", "text": script + "\n[press](" + address + ") <" + address + "> ![x](" + address + ") `" + script + "`\n\n> " + script},
			{"type": "text", "text": "**[bold](" + address + ")** https://evil.example/\"onmouseover=top.bad=1", "options": []object{{"label": script, "text": script}}},
			{"type": "image", "url": address, "name": script}, {"type": "file", "url": address, "name": script, "size": 1},
			{"type": "video", "url": address, "name": script}, {"type": "audio", "url": address, "name": script}, {"type": "url", "url": address},
			{"type": "file", "url": "data:text/html," + script, "name": script},
			{"type": "webview", "url": address, "name": script, "label": script}, {"type": "survey", "url": "data:text/html," + script, "label": script},
			{"type": "carousel", "cards": []object{{
				"title": script, "subtitle": script, "media": object{"type": "image", "url": address}, "default_action": object{"type": "url", "url": address},
				"buttons": []object{{"type": "url", "label": script, "url": address}, {"type": "webview", "label": script, "url": address}, {"type": "phone", "label": script, "value": script}},
			}}},
			{"type": "text", "text": "all said"},
		}
	})
}

func rich(t *testing.T) *httptest.Server {
	t.Helper()
	return bot(t, func(text string) []object {
		switch text {
		case "defaultstartmessage":
			return []object{{"type": "text", "text": "Welcome aboard.", "options": []object{{"label": "Show all", "text": "show all"}}}}
		case "show all":
			return []object{
				{"type": "image", "url": "https://media.example/cat.png", "name": "A cat"},
				{"type": "video", "url": "https://media.example/film.mp4", "name": "A film"},
				{"type": "audio", "url": "https://media.example/song.mp3", "name": "A song"},
				{"type": "file", "url": "https://media.example/terms.pdf", "name": "terms.pdf", "size": 1500},
				{"type": "url", "url": "https://media.example/page"},
				{"type": "carousel", "cards": []object{
					{"title": "Tea", "subtitle": "Green", "buttons": []object{{"type": "postback", "label": "Take tea", "value": "tea"}, {"type": "url", "label": "More", "url": "https://media.example/tea"}}},
					{"title": "Coffee", "buttons": []object{{"type": "phone", "label": "Call", "value": "+123"}}},
				}},
				{"type": "webview", "url": "https://media.example/form", "label": "Fill in", "height": "tall"},
				{"type": "pause", "duration": 3000, "show_typing": true},
				{"type": "text", "text": "after the pause"},
			}
		case "human":
			return []object{{"type": "text", "text": "One moment."}, {"type": "handover"}}
		}
		return []object{{"type": "text", "text": "heard " + text}}
	})
}
