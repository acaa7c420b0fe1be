// See newSession.sc. $request.data carries over what the second pass of the turn
// has to know: newSession, that there is one already, and targetState, the state
// that the first pass had chosen.
$global.startState = $injector.newSessionStartState || '/';
$global.newSessionTimeout = ($injector.newSessionTimeout || 120) * 60 * 1000;

// newSession starts the turn again in a new session; it does not return.
$global.newSession = function (context) {
    var data = context.request.data;
    data.newSession = true;
    data.targetState = context.temp.targetState || context.currentState;
    $reactions.newSession({ message: context.request.query || '/start', data: data });
};

bind('postProcess', function (context) {
    context.session.lastActiveTime = $jsapi.currentTime();
}, '/', 'newSessionOnStart');

bind('preProcess', function (context) {
    var last = context.session.lastActiveTime;
    if (context.request.data.targetState) {
        context.temp.targetState = context.request.data.targetState;
    } else if (context.request.query && last && $jsapi.currentTime() - last > newSessionTimeout) {
        newSession(context);
    }
}, '/', 'newSessionOnStart');
