require: ../common.js
require: ../city/city.sc
require: whereConverter.js
require: countries-ru.csv
    name = Countries
    var = $Countries
require: geography-ru.csv
    name = Geography
    var = $Geography
require: regions.csv
    name = Regions
    var = $Regions

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
    $Region = $entity<Regions> || converter = $converters.regionsConverter

theme: /Errors

    state: Unknown location || noContext = true
        a: Я не знаю, где находится столица этой страны: {{$parseTree.Where[0].value.country}}. Назовите, пожалуйста, город.
