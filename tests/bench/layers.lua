-- Buildings, roads and addresses for osm2pgsql (flex output): the layers that tests/bench/layers.py compares.
local srid = 4326
local text = function(...)
    local columns = {}
    for _, name in ipairs({...}) do columns[#columns + 1] = {column = name, type = 'text'} end
    columns[#columns + 1] = {column = 'tags', type = 'jsonb'}
    return columns
end
local with = function(columns, kind)
    columns[#columns + 1] = {column = 'geom', type = kind, projection = srid}
    return columns
end

local building = osm2pgsql.define_area_table('theirs_building', with(text('kind', 'name'), 'multipolygon'))
local road = osm2pgsql.define_way_table('theirs_road', with(text('highway', 'name'), 'linestring'))
local address = osm2pgsql.define_table({
    name = 'theirs_address',
    ids = {type = 'any', id_column = 'osm_id', type_column = 'osm_type'},
    columns = with(text('number', 'street'), 'point'),
})
local drawn = {}
for kind in ([[motorway motorway_link trunk trunk_link primary primary_link secondary secondary_link tertiary
    tertiary_link unclassified residential living_street service road footway path steps cycleway track pedestrian
    bridleway corridor]]):gmatch('%S+') do drawn[kind] = true end

local function is_building(tags) return tags.building and tags.building ~= 'no' end
local function add_address(object, geom)
    local tags = object.tags
    address:insert({number = tags['addr:housenumber'], street = tags['addr:street'], tags = tags, geom = geom})
end
local function add_building(object)
    local tags = object.tags
    building:insert({kind = tags.building, name = tags.name, tags = tags, geom = object:as_multipolygon()})
end

function osm2pgsql.process_node(object)
    if object.tags['addr:housenumber'] then add_address(object, object:as_point()) end
end

function osm2pgsql.process_way(object)
    local tags = object.tags
    if object.is_closed and is_building(tags) then add_building(object) end
    if object.is_closed and tags['addr:housenumber'] then add_address(object, object:as_polygon():centroid()) end
    if drawn[tags.highway] then
        road:insert({highway = tags.highway, name = tags.name, tags = tags, geom = object:as_linestring()})
    end
end

function osm2pgsql.process_relation(object)
    local tags = object.tags
    if tags.type ~= 'multipolygon' then return end
    if is_building(tags) then add_building(object) end
    if tags['addr:housenumber'] then add_address(object, object:as_multipolygon():centroid()) end
end
