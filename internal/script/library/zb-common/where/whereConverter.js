// Converters of places (script-api 4.2): the value of the row that was named.
(function (converters) {
    'use strict';

    converters.geographyConverter = function (node) { return $Geography[node.Geography[0].value].value; };

    converters.countryConverter = function (node) { return $Countries[node.Countries[0].value].value; };

    converters.regionsConverter = function (node) { return $Regions[node.Regions[0].value].value; };

    // country2CapitalConverter gives the city that is the capital of the named
    // country, or {country, error} when its place is not known.
    converters.country2CapitalConverter = function (node) {
        var country = $Countries[node.Countries[0].value].value;
        var capital = _.find($Cities, function (row) {
            return row.value.capital === 'true' && row.value.country === country.code;
        });
        return capital ? capital.value : {country: country.name, error: 'unknown location'};
    };
})($converters);
