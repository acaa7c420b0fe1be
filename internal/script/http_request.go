package script

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
)

// complete checks the settings and fills the address.
func (q *httpRequest) complete() error {
	q.Method = strings.ToUpper(q.Method)
	if q.Method == "" {
		q.Method = http.MethodGet
	}
	if !slices.Contains([]string{"GET", "POST", "PUT", "DELETE", "HEAD", "CONNECT", "OPTIONS", "TRACE", "PATCH"}, q.Method) {
		return fmt.Errorf("$http: %q is no method; write GET, POST, PUT, DELETE, HEAD, CONNECT, OPTIONS, TRACE or PATCH", q.Method)
	}
	if !slices.Contains([]string{"", kindJSON, kindXML, kindText}, q.DataType) {
		return fmt.Errorf("$http: dataType %q is not known; write json, text or xml", q.DataType)
	}
	q.URL = cleanURL(interpolate(q.Template, q.Query))
	if string(q.Body) == "null" {
		q.Body = nil
	}
	return nil
}

// placeholder is ${name} in an address.
var placeholder = regexp.MustCompile(`\$\{([^{}]*)\}`)

// interpolate puts values into the placeholders of an address; one without a
// value stays as it is.
func interpolate(template string, values map[string]json.RawMessage) string {
	return placeholder.ReplaceAllStringFunc(template, func(all string) string {
		value, ok := values[strings.TrimSpace(all[2:len(all)-1])]
		if !ok {
			return all
		}
		return strings.ReplaceAll(url.QueryEscape(plain(value)), "+", "%20")
	})
}

// plain is a JSON value as text: a string without its quotes.
func plain(value json.RawMessage) string {
	var text string
	if json.Unmarshal(value, &text) == nil && len(value) > 0 && value[0] == '"' {
		return text
	}
	return string(value)
}

// cleanURL encodes what scripts leave raw in an address, blanks and letters
// beyond ASCII, and leaves the fragment out.
func cleanURL(text string) string {
	var out strings.Builder
	text, _, _ = strings.Cut(text, "#")
	for _, b := range []byte(strings.TrimSpace(text)) {
		if b <= ' ' || b >= 0x7f || b == '"' || b == '<' || b == '>' {
			fmt.Fprintf(&out, "%%%02X", b)
			continue
		}
		out.WriteByte(b)
	}
	return out.String()
}

// payload is the body of the request and its type.
func (q *httpRequest) payload(ctx context.Context, o *outside) (body []byte, contentType string, err error) {
	switch {
	case q.FileURL != "":
		return q.multipart(ctx, o)
	case len(q.Form) > 0:
		values := url.Values{}
		for name, value := range q.Form {
			values.Set(name, plain(value))
		}
		return []byte(values.Encode()), "application/x-www-form-urlencoded", nil
	case q.Body == nil, string(q.Body) == "{}" && (q.Method == http.MethodGet || q.Method == http.MethodHead):
		return nil, "", nil
	case q.Body[0] != '"':
		return q.Body, "application/json", nil
	}
	body = []byte(plain(q.Body))
	switch {
	case q.DataType == kindXML:
		return body, "application/xml; charset=utf-8", nil
	case q.DataType != kindText && json.Valid(body):
		return body, "application/json", nil
	}
	return body, "text/plain; charset=utf-8", nil
}

// multipart is a form with the file that stands under fileUrl.
func (q *httpRequest) multipart(ctx context.Context, o *outside) (body []byte, contentType string, err error) {
	if _, err := o.guard.CheckURL(q.FileURL); err != nil {
		return nil, "", fmt.Errorf("fileUrl %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, q.FileURL, nil)
	if err != nil {
		return nil, "", err
	}
	file, err := o.do(req)
	if err != nil {
		return nil, "", fmt.Errorf("fileUrl: %w", err)
	}
	if file.Status != http.StatusOK {
		return nil, "", fmt.Errorf("fileUrl: the answer was %d", file.Status)
	}
	name := q.FileName
	if name == "" {
		name = path.Base(req.URL.Path)
	}
	var out bytes.Buffer
	w := multipart.NewWriter(&out) // its writes into memory cannot fail
	for field, value := range q.Form {
		_ = w.WriteField(field, plain(value))
	}
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		return nil, "", err
	}
	_, _ = part.Write(file.Body)
	_ = w.Close()
	return out.Bytes(), w.FormDataContentType(), nil
}

// oauth is oauth2ResourceDetail.
type oauth struct {
	AccessTokenURI string          `json:"accessTokenUri"`
	ClientID       string          `json:"clientId"`
	ClientSecret   string          `json:"clientSecret"`
	GrantType      string          `json:"grantType"`
	Username       string          `json:"username"`
	Password       string          `json:"password"`
	Scope          json.RawMessage `json:"scope"` // a text or a list of them
}

// authorise fetches a token for the call.
func (o *outside) authorise(ctx context.Context, q *httpRequest) error {
	if _, err := o.guard.CheckURL(q.OAuth.AccessTokenURI); err != nil {
		return fmt.Errorf("oauth2ResourceDetail.accessTokenUri %w", err)
	}
	form := strings.NewReader(q.OAuth.form().Encode())
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, q.OAuth.AccessTokenURI, form)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.SetBasicAuth(url.QueryEscape(q.OAuth.ClientID), url.QueryEscape(q.OAuth.ClientSecret))
	answer, err := o.do(req)
	if err != nil {
		return fmt.Errorf("oauth2ResourceDetail: %w", err)
	}
	var token struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.Unmarshal(answer.Body, &token); err != nil || token.AccessToken == "" {
		return fmt.Errorf("oauth2ResourceDetail: the answer (%d) holds no access_token", answer.Status)
	}
	if q.Headers == nil {
		q.Headers = map[string]json.RawMessage{}
	}
	q.Headers["Authorization"] = json.RawMessage(marshal("Bearer " + token.AccessToken))
	return nil
}

func (a *oauth) form() url.Values {
	values := url.Values{"grant_type": {"client_credentials"}}
	if a.GrantType != "" {
		values.Set("grant_type", a.GrantType)
	}
	if a.Username != "" {
		values.Set("username", a.Username)
		values.Set("password", a.Password)
	}
	var scopes []string
	if json.Unmarshal(a.Scope, &scopes) == nil && len(scopes) > 0 {
		values.Set("scope", strings.Join(scopes, " "))
	} else if len(a.Scope) > 0 && a.Scope[0] == '"' {
		values.Set("scope", plain(a.Scope))
	}
	return values
}
