// A new session after two days of silence, in the words of the script.
bind("postProcess", function($context) {
    $context.session.lastActiveTime = $jsapi.currentTime();
}, "/", "remember the time");

bind("preProcess", function($context) {
    var last = $context.session.lastActiveTime;
    if (last && $jsapi.currentTime() - last > 172800000) {
        $jsapi.startSession();
        $context.temp.fresh = true;
    }
}, "/", "end after silence");

bind("postProcess", function($context) {
    if ($context.temp.fresh) {
        $reactions.answer("It has been a while.");
    }
});

bind("onDialogError", function($context) {
    $reactions.answer($context.exception.message);
});
