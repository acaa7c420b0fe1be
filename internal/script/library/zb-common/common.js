// Functions and converters that every file of the module may use (script-api
// 4.4). testMode, selectRandomArg, currentDate, toPrettyString, resolveVariables
// and capitalize are part of the engine.
(function (converters) {
    'use strict';

    // textConverter gives the text of a node.
    converters.textConverter = function (node) { return node.text; };
})($converters);
