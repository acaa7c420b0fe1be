require: ../common.js
require: ../city/cityEn.sc
require: whereConverter.js
require: countries-en.csv
    name = Countries
    var = $Countries
require: geography-en.csv
    name = Geography
    var = $Geography

init:
    bind("preProcess", function($context) {
        var where = $context.parseTree && $context.parseTree.Where;
        if (where && where[0].value && where[0].value.error === "unknown location") {
            $context.temp.targetState = "/Errors/Unknown location";
        }
    });

patterns:
    $Where = ($City|$Capital|$Country2City) || converter = $converters.propagateConverter
    $Capital = $entity<Geography> || converter = $converters.geographyConverter
    $Country = $entity<Countries> || converter = $converters.countryConverter
    $Country2City = $entity<Countries> || converter = $converters.country2CapitalConverter

theme: /Errors

    state: Unknown location || noContext = true
        a: I do not know where the capital of {{$parseTree.Where[0].value.country}} is. Please name a city.
