# A new session on /start, and after a pause: script-api 4.5. Parameters:
# $injector.newSessionStartState (default /) is where /start leads,
# $injector.newSessionTimeout (default 120) is the longest pause in minutes.

require: newSession.js

theme: /

    state: Start
        q!: * *start
        script:
            if (!$request.data.newSession && !testMode()) {
                newSession($context);
            }
        go!: {{ startState }}
