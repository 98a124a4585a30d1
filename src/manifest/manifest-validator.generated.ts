// @ts-nocheck
// biome-ignore-all format: generated
// biome-ignore-all lint: generated
// Made from the schema beside this file by `npm run schemas`. Do not edit.
export const validate: { (data: unknown): boolean; errors?: unknown[] | null } = validate20;

const schema31 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"manifest.schema.json","title":"rpm-deps manifest (rpm-packages.yaml)","type":"object","properties":{"$schema":{"type":"string","description":"For editors; not used"},"schema_version":{"type":"string","description":"\"1.0\""},"architectures":{"type":"array","items":{"type":"string","pattern":"\\S"},"minItems":1,"description":"RPM names; amd64 and arm64 are accepted as aliases"},"mirror":{"type":"string","pattern":"\\S","description":"$mirror in a URL; --mirror and RPM_DEPS_MIRROR override it"},"releasever":{"type":"string","pattern":"^[A-Za-z0-9._-]+$","description":"$releasever in a URL (default 9-stream)"},"repositories":{"type":"array","items":{"type":"object","properties":{"id":{"type":"string","pattern":"^[A-Za-z0-9_][A-Za-z0-9_.:+-]*$"},"name":{"type":"string","description":"For people; not used"},"baseurl":{"type":["string","array"],"pattern":"\\S","items":{"type":"string","pattern":"\\S"},"minItems":1,"description":"With $mirror, $basearch and $releasever"},"metalink":{"type":"string","pattern":"\\S"},"mirrorlist":{"type":"string","pattern":"\\S"},"gpgkey":{"type":["string","array"],"pattern":"\\S","items":{"type":"string","pattern":"\\S"},"minItems":1,"description":"URLs of the keys that may sign its packages"},"gpgcheck":{"type":"boolean","description":"Check signatures of packages (default: true where gpgkey is set)"},"repo_gpgcheck":{"type":"boolean","description":"Check the signature of repomd.xml (default false)"},"architectures":{"type":"array","items":{"type":"string","pattern":"\\S"},"minItems":1,"description":"Only for these architectures (default: all)"},"priority":{"type":"integer","minimum":1,"maximum":99999,"description":"Smaller wins (default 99)"},"exclude":{"type":"array","items":{"type":"string","pattern":"\\S"},"description":"Globs on name or NEVRA that this repository must not supply"},"includepkgs":{"type":"array","items":{"type":"string","pattern":"\\S"},"description":"Globs on name or NEVRA: the only ones this repository may supply"},"module_hotfixes":{"type":"boolean","description":"Packages of modules are not filtered here (default false)"},"enabled":{"type":"boolean","description":"Default true"}},"required":["id"],"additionalProperties":false},"minItems":1,"description":"Order is preference order at equal priority"},"versions":{"type":"object","additionalProperties":{"type":"string","pattern":"\\S"},"description":"Value of each ${NAME}; an environment variable of the same name overrides it"},"groups":{"type":"object","additionalProperties":{"type":"array","items":{"description":"What dnf accepts: a name, a pinned version, a glob, a path, a capability or @group; ${NAME} is replaced by a version","type":["string","object"],"pattern":"\\S","properties":{"name":{"type":"string","pattern":"\\S","description":"The package spec"},"architectures":{"type":"array","items":{"type":"string","pattern":"\\S"},"minItems":1,"description":"Only on these architectures"}},"required":["name"],"additionalProperties":false}}},"sets":{"type":"object","additionalProperties":{"type":"object","properties":{"architectures":{"type":"array","items":{"type":"string","pattern":"\\S"},"minItems":1,"description":"Default: all of the manifest"},"groups":{"type":"array","items":{"type":"string","pattern":"\\S"}},"packages":{"type":"array","items":{"description":"What dnf accepts: a name, a pinned version, a glob, a path, a capability or @group; ${NAME} is replaced by a version","type":["string","object"],"pattern":"\\S","properties":{"name":{"type":"string","pattern":"\\S","description":"The package spec"},"architectures":{"type":"array","items":{"type":"string","pattern":"\\S"},"minItems":1,"description":"Only on these architectures"}},"required":["name"],"additionalProperties":false}},"ignore":{"type":"array","items":{"type":"string","pattern":"\\S"},"description":"Globs on the name, or /regex/ on name-epoch:version-release.arch: left out of the lock"},"exclude":{"type":"array","items":{"type":"string","pattern":"\\S"},"description":"Globs on name or NEVRA: never considered by the solver"},"options":{"type":"object","properties":{"weak_dependencies":{"type":"boolean","description":"Install what is recommended too (default false)"},"best":{"type":"boolean","description":"Fail rather than take an older version than the newest (default false)"}},"additionalProperties":false},"modules":{"type":"object","properties":{"enable":{"type":"array","items":{"type":"string","pattern":"\\S"},"description":"Module streams, such as nodejs:20"},"disable":{"type":"array","items":{"type":"string","pattern":"\\S"},"description":"Modules none of whose packages may be used"}},"additionalProperties":false}},"additionalProperties":false},"minProperties":1},"options":{"type":"object","properties":{"weak_dependencies":{"type":"boolean","description":"Install what is recommended too (default false)"},"best":{"type":"boolean","description":"Fail rather than take an older version than the newest (default false)"}},"additionalProperties":false},"modules":{"type":"object","properties":{"enable":{"type":"array","items":{"type":"string","pattern":"\\S"},"description":"Module streams, such as nodejs:20"},"disable":{"type":"array","items":{"type":"string","pattern":"\\S"},"description":"Modules none of whose packages may be used"}},"additionalProperties":false},"holds":{"type":"array","items":{"type":"object","properties":{"package":{"type":"string","pattern":"\\S","description":"Glob on the package name"},"version":{"type":"string","pattern":"\\S","description":"Glob on version, version-release or epoch:version-release"},"reason":{"type":"string","pattern":"\\S"},"until":{"type":"string","description":"YYYY-MM-DD; without it the hold has no end"},"issue":{"type":"string","pattern":"\\S"}},"required":["package","version","reason"],"additionalProperties":false},"description":"Never moved by update or bump until the date"},"cross_architecture":{"type":"object","properties":{"same_version":{"type":"array","items":{"type":"string","pattern":"\\S"},"description":"Globs: one version on all architectures of a set"}},"additionalProperties":false},"fallbacks":{"type":"array","items":{"type":"string","pattern":"\\S"},"description":"URL templates with {sha256} or {filename}: where an RPM may be when the mirror lost it"}},"required":["sets"],"additionalProperties":false};
const func1 = Object.prototype.hasOwnProperty;
const pattern4 = new RegExp("\\S", "u");
const pattern6 = new RegExp("^[A-Za-z0-9._-]+$", "u");
const pattern7 = new RegExp("^[A-Za-z0-9_][A-Za-z0-9_.:+-]*$", "u");

function validate20(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="manifest.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate20.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.sets === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "sets"},message:"must have required property '"+"sets"+"'",schema:schema31.required,parentSchema:schema31,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!(func1.call(schema31.properties, key0))){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema31,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.$schema !== undefined){
let data0 = data.$schema;
if(typeof data0 !== "string"){
const err2 = {instancePath:instancePath+"/$schema",schemaPath:"#/properties/%24schema/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.$schema.type,parentSchema:schema31.properties.$schema,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.schema_version !== undefined){
let data1 = data.schema_version;
if(typeof data1 !== "string"){
const err3 = {instancePath:instancePath+"/schema_version",schemaPath:"#/properties/schema_version/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.schema_version.type,parentSchema:schema31.properties.schema_version,data:data1};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data.architectures !== undefined){
let data2 = data.architectures;
if(Array.isArray(data2)){
if(data2.length < 1){
const err4 = {instancePath:instancePath+"/architectures",schemaPath:"#/properties/architectures/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema31.properties.architectures,data:data2};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
let data3 = data2[i0];
if(typeof data3 === "string"){
if(!pattern4.test(data3)){
const err5 = {instancePath:instancePath+"/architectures/" + i0,schemaPath:"#/properties/architectures/items/pattern",keyword:"pattern",params:{pattern: "\\S"},message:"must match pattern \""+"\\S"+"\"",schema:"\\S",parentSchema:schema31.properties.architectures.items,data:data3};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
else {
const err6 = {instancePath:instancePath+"/architectures/" + i0,schemaPath:"#/properties/architectures/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.architectures.items.type,parentSchema:schema31.properties.architectures.items,data:data3};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
}
else {
const err7 = {instancePath:instancePath+"/architectures",schemaPath:"#/properties/architectures/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema31.properties.architectures.type,parentSchema:schema31.properties.architectures,data:data2};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
if(data.mirror !== undefined){
let data4 = data.mirror;
if(typeof data4 === "string"){
if(!pattern4.test(data4)){
const err8 = {instancePath:instancePath+"/mirror",schemaPath:"#/properties/mirror/pattern",keyword:"pattern",params:{pattern: "\\S"},message:"must match pattern \""+"\\S"+"\"",schema:"\\S",parentSchema:schema31.properties.mirror,data:data4};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
else {
const err9 = {instancePath:instancePath+"/mirror",schemaPath:"#/properties/mirror/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.mirror.type,parentSchema:schema31.properties.mirror,data:data4};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
if(data.releasever !== undefined){
let data5 = data.releasever;
if(typeof data5 === "string"){
if(!pattern6.test(data5)){
const err10 = {instancePath:instancePath+"/releasever",schemaPath:"#/properties/releasever/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9._-]+$"},message:"must match pattern \""+"^[A-Za-z0-9._-]+$"+"\"",schema:"^[A-Za-z0-9._-]+$",parentSchema:schema31.properties.releasever,data:data5};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
else {
const err11 = {instancePath:instancePath+"/releasever",schemaPath:"#/properties/releasever/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.releasever.type,parentSchema:schema31.properties.releasever,data:data5};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data.repositories !== undefined){
let data6 = data.repositories;
if(Array.isArray(data6)){
if(data6.length < 1){
const err12 = {instancePath:instancePath+"/repositories",schemaPath:"#/properties/repositories/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema31.properties.repositories,data:data6};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
const len1 = data6.length;
for(let i1=0; i1<len1; i1++){
let data7 = data6[i1];
if(data7 && typeof data7 == "object" && !Array.isArray(data7)){
if(data7.id === undefined){
const err13 = {instancePath:instancePath+"/repositories/" + i1,schemaPath:"#/properties/repositories/items/required",keyword:"required",params:{missingProperty: "id"},message:"must have required property '"+"id"+"'",schema:schema31.properties.repositories.items.required,parentSchema:schema31.properties.repositories.items,data:data7};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
for(const key1 in data7){
if(!(func1.call(schema31.properties.repositories.items.properties, key1))){
const err14 = {instancePath:instancePath+"/repositories/" + i1,schemaPath:"#/properties/repositories/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties",schema:false,parentSchema:schema31.properties.repositories.items,data:data7};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data7.id !== undefined){
let data8 = data7.id;
if(typeof data8 === "string"){
if(!pattern7.test(data8)){
const err15 = {instancePath:instancePath+"/repositories/" + i1+"/id",schemaPath:"#/properties/repositories/items/properties/id/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_][A-Za-z0-9_.:+-]*$"},message:"must match pattern \""+"^[A-Za-z0-9_][A-Za-z0-9_.:+-]*$"+"\"",schema:"^[A-Za-z0-9_][A-Za-z0-9_.:+-]*$",parentSchema:schema31.properties.repositories.items.properties.id,data:data8};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
else {
const err16 = {instancePath:instancePath+"/repositories/" + i1+"/id",schemaPath:"#/properties/repositories/items/properties/id/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.repositories.items.properties.id.type,parentSchema:schema31.properties.repositories.items.properties.id,data:data8};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
if(data7.name !== undefined){
let data9 = data7.name;
if(typeof data9 !== "string"){
const err17 = {instancePath:instancePath+"/repositories/" + i1+"/name",schemaPath:"#/properties/repositories/items/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.repositories.items.properties.name.type,parentSchema:schema31.properties.repositories.items.properties.name,data:data9};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data7.baseurl !== undefined){
let data10 = data7.baseurl;
if((typeof data10 !== "string") && (!(Array.isArray(data10)))){
const err18 = {instancePath:instancePath+"/repositories/" + i1+"/baseurl",schemaPath:"#/properties/repositories/items/properties/baseurl/type",keyword:"type",params:{type: schema31.properties.repositories.items.properties.baseurl.type},message:"must be string,array",schema:schema31.properties.repositories.items.properties.baseurl.type,parentSchema:schema31.properties.repositories.items.properties.baseurl,data:data10};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
if(typeof data10 === "string"){
if(!pattern4.test(data10)){
const err19 = {instancePath:instancePath+"/repositories/" + i1+"/baseurl",schemaPath:"#/properties/repositories/items/properties/baseurl/pattern",keyword:"pattern",params:{pattern: "\\S"},message:"must match pattern \""+"\\S"+"\"",schema:"\\S",parentSchema:schema31.properties.repositories.items.properties.baseurl,data:data10};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
if(Array.isArray(data10)){
if(data10.length < 1){
const err20 = {instancePath:instancePath+"/repositories/" + i1+"/baseurl",schemaPath:"#/properties/repositories/items/properties/baseurl/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema31.properties.repositories.items.properties.baseurl,data:data10};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
const len2 = data10.length;
for(let i2=0; i2<len2; i2++){
let data11 = data10[i2];
if(typeof data11 === "string"){
if(!pattern4.test(data11)){
const err21 = {instancePath:instancePath+"/repositories/" + i1+"/baseurl/" + i2,schemaPath:"#/properties/repositories/items/properties/baseurl/items/pattern",keyword:"pattern",params:{pattern: "\\S"},message:"must match pattern \""+"\\S"+"\"",schema:"\\S",parentSchema:schema31.properties.repositories.items.properties.baseurl.items,data:data11};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
else {
const err22 = {instancePath:instancePath+"/repositories/" + i1+"/baseurl/" + i2,schemaPath:"#/properties/repositories/items/properties/baseurl/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.repositories.items.properties.baseurl.items.type,parentSchema:schema31.properties.repositories.items.properties.baseurl.items,data:data11};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
}
}
if(data7.metalink !== undefined){
let data12 = data7.metalink;
if(typeof data12 === "string"){
if(!pattern4.test(data12)){
const err23 = {instancePath:instancePath+"/repositories/" + i1+"/metalink",schemaPath:"#/properties/repositories/items/properties/metalink/pattern",keyword:"pattern",params:{pattern: "\\S"},message:"must match pattern \""+"\\S"+"\"",schema:"\\S",parentSchema:schema31.properties.repositories.items.properties.metalink,data:data12};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
else {
const err24 = {instancePath:instancePath+"/repositories/" + i1+"/metalink",schemaPath:"#/properties/repositories/items/properties/metalink/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.repositories.items.properties.metalink.type,parentSchema:schema31.properties.repositories.items.properties.metalink,data:data12};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
if(data7.mirrorlist !== undefined){
let data13 = data7.mirrorlist;
if(typeof data13 === "string"){
if(!pattern4.test(data13)){
const err25 = {instancePath:instancePath+"/repositories/" + i1+"/mirrorlist",schemaPath:"#/properties/repositories/items/properties/mirrorlist/pattern",keyword:"pattern",params:{pattern: "\\S"},message:"must match pattern \""+"\\S"+"\"",schema:"\\S",parentSchema:schema31.properties.repositories.items.properties.mirrorlist,data:data13};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
else {
const err26 = {instancePath:instancePath+"/repositories/" + i1+"/mirrorlist",schemaPath:"#/properties/repositories/items/properties/mirrorlist/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.repositories.items.properties.mirrorlist.type,parentSchema:schema31.properties.repositories.items.properties.mirrorlist,data:data13};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
if(data7.gpgkey !== undefined){
let data14 = data7.gpgkey;
if((typeof data14 !== "string") && (!(Array.isArray(data14)))){
const err27 = {instancePath:instancePath+"/repositories/" + i1+"/gpgkey",schemaPath:"#/properties/repositories/items/properties/gpgkey/type",keyword:"type",params:{type: schema31.properties.repositories.items.properties.gpgkey.type},message:"must be string,array",schema:schema31.properties.repositories.items.properties.gpgkey.type,parentSchema:schema31.properties.repositories.items.properties.gpgkey,data:data14};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
if(typeof data14 === "string"){
if(!pattern4.test(data14)){
const err28 = {instancePath:instancePath+"/repositories/" + i1+"/gpgkey",schemaPath:"#/properties/repositories/items/properties/gpgkey/pattern",keyword:"pattern",params:{pattern: "\\S"},message:"must match pattern \""+"\\S"+"\"",schema:"\\S",parentSchema:schema31.properties.repositories.items.properties.gpgkey,data:data14};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
if(Array.isArray(data14)){
if(data14.length < 1){
const err29 = {instancePath:instancePath+"/repositories/" + i1+"/gpgkey",schemaPath:"#/properties/repositories/items/properties/gpgkey/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema31.properties.repositories.items.properties.gpgkey,data:data14};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
const len3 = data14.length;
for(let i3=0; i3<len3; i3++){
let data15 = data14[i3];
if(typeof data15 === "string"){
if(!pattern4.test(data15)){
const err30 = {instancePath:instancePath+"/repositories/" + i1+"/gpgkey/" + i3,schemaPath:"#/properties/repositories/items/properties/gpgkey/items/pattern",keyword:"pattern",params:{pattern: "\\S"},message:"must match pattern \""+"\\S"+"\"",schema:"\\S",parentSchema:schema31.properties.repositories.items.properties.gpgkey.items,data:data15};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
else {
const err31 = {instancePath:instancePath+"/repositories/" + i1+"/gpgkey/" + i3,schemaPath:"#/properties/repositories/items/properties/gpgkey/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.repositories.items.properties.gpgkey.items.type,parentSchema:schema31.properties.repositories.items.properties.gpgkey.items,data:data15};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
}
}
if(data7.gpgcheck !== undefined){
let data16 = data7.gpgcheck;
if(typeof data16 !== "boolean"){
const err32 = {instancePath:instancePath+"/repositories/" + i1+"/gpgcheck",schemaPath:"#/properties/repositories/items/properties/gpgcheck/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema31.properties.repositories.items.properties.gpgcheck.type,parentSchema:schema31.properties.repositories.items.properties.gpgcheck,data:data16};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
}
if(data7.repo_gpgcheck !== undefined){
let data17 = data7.repo_gpgcheck;
if(typeof data17 !== "boolean"){
const err33 = {instancePath:instancePath+"/repositories/" + i1+"/repo_gpgcheck",schemaPath:"#/properties/repositories/items/properties/repo_gpgcheck/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema31.properties.repositories.items.properties.repo_gpgcheck.type,parentSchema:schema31.properties.repositories.items.properties.repo_gpgcheck,data:data17};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
}
if(data7.architectures !== undefined){
let data18 = data7.architectures;
if(Array.isArray(data18)){
if(data18.length < 1){
const err34 = {instancePath:instancePath+"/repositories/" + i1+"/architectures",schemaPath:"#/properties/repositories/items/properties/architectures/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema31.properties.repositories.items.properties.architectures,data:data18};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
const len4 = data18.length;
for(let i4=0; i4<len4; i4++){
let data19 = data18[i4];
if(typeof data19 === "string"){
if(!pattern4.test(data19)){
const err35 = {instancePath:instancePath+"/repositories/" + i1+"/architectures/" + i4,schemaPath:"#/properties/repositories/items/properties/architectures/items/pattern",keyword:"pattern",params:{pattern: "\\S"},message:"must match pattern \""+"\\S"+"\"",schema:"\\S",parentSchema:schema31.properties.repositories.items.properties.architectures.items,data:data19};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
}
else {
const err36 = {instancePath:instancePath+"/repositories/" + i1+"/architectures/" + i4,schemaPath:"#/properties/repositories/items/properties/architectures/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.repositories.items.properties.architectures.items.type,parentSchema:schema31.properties.repositories.items.properties.architectures.items,data:data19};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
}
}
else {
const err37 = {instancePath:instancePath+"/repositories/" + i1+"/architectures",schemaPath:"#/properties/repositories/items/properties/architectures/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema31.properties.repositories.items.properties.architectures.type,parentSchema:schema31.properties.repositories.items.properties.architectures,data:data18};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
}
if(data7.priority !== undefined){
let data20 = data7.priority;
if(!(((typeof data20 == "number") && (!(data20 % 1) && !isNaN(data20))) && (isFinite(data20)))){
const err38 = {instancePath:instancePath+"/repositories/" + i1+"/priority",schemaPath:"#/properties/repositories/items/properties/priority/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema31.properties.repositories.items.properties.priority.type,parentSchema:schema31.properties.repositories.items.properties.priority,data:data20};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
if((typeof data20 == "number") && (isFinite(data20))){
if(data20 > 99999 || isNaN(data20)){
const err39 = {instancePath:instancePath+"/repositories/" + i1+"/priority",schemaPath:"#/properties/repositories/items/properties/priority/maximum",keyword:"maximum",params:{comparison: "<=", limit: 99999},message:"must be <= 99999",schema:99999,parentSchema:schema31.properties.repositories.items.properties.priority,data:data20};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
if(data20 < 1 || isNaN(data20)){
const err40 = {instancePath:instancePath+"/repositories/" + i1+"/priority",schemaPath:"#/properties/repositories/items/properties/priority/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema31.properties.repositories.items.properties.priority,data:data20};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
}
}
if(data7.exclude !== undefined){
let data21 = data7.exclude;
if(Array.isArray(data21)){
const len5 = data21.length;
for(let i5=0; i5<len5; i5++){
let data22 = data21[i5];
if(typeof data22 === "string"){
if(!pattern4.test(data22)){
const err41 = {instancePath:instancePath+"/repositories/" + i1+"/exclude/" + i5,schemaPath:"#/properties/repositories/items/properties/exclude/items/pattern",keyword:"pattern",params:{pattern: "\\S"},message:"must match pattern \""+"\\S"+"\"",schema:"\\S",parentSchema:schema31.properties.repositories.items.properties.exclude.items,data:data22};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
}
else {
const err42 = {instancePath:instancePath+"/repositories/" + i1+"/exclude/" + i5,schemaPath:"#/properties/repositories/items/properties/exclude/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.repositories.items.properties.exclude.items.type,parentSchema:schema31.properties.repositories.items.properties.exclude.items,data:data22};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
}
}
else {
const err43 = {instancePath:instancePath+"/repositories/" + i1+"/exclude",schemaPath:"#/properties/repositories/items/properties/exclude/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema31.properties.repositories.items.properties.exclude.type,parentSchema:schema31.properties.repositories.items.properties.exclude,data:data21};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
}
if(data7.includepkgs !== undefined){
let data23 = data7.includepkgs;
if(Array.isArray(data23)){
const len6 = data23.length;
for(let i6=0; i6<len6; i6++){
let data24 = data23[i6];
if(typeof data24 === "string"){
if(!pattern4.test(data24)){
const err44 = {instancePath:instancePath+"/repositories/" + i1+"/includepkgs/" + i6,schemaPath:"#/properties/repositories/items/properties/includepkgs/items/pattern",keyword:"pattern",params:{pattern: "\\S"},message:"must match pattern \""+"\\S"+"\"",schema:"\\S",parentSchema:schema31.properties.repositories.items.properties.includepkgs.items,data:data24};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
}
else {
const err45 = {instancePath:instancePath+"/repositories/" + i1+"/includepkgs/" + i6,schemaPath:"#/properties/repositories/items/properties/includepkgs/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.repositories.items.properties.includepkgs.items.type,parentSchema:schema31.properties.repositories.items.properties.includepkgs.items,data:data24};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
}
}
else {
const err46 = {instancePath:instancePath+"/repositories/" + i1+"/includepkgs",schemaPath:"#/properties/repositories/items/properties/includepkgs/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema31.properties.repositories.items.properties.includepkgs.type,parentSchema:schema31.properties.repositories.items.properties.includepkgs,data:data23};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
}
if(data7.module_hotfixes !== undefined){
let data25 = data7.module_hotfixes;
if(typeof data25 !== "boolean"){
const err47 = {instancePath:instancePath+"/repositories/" + i1+"/module_hotfixes",schemaPath:"#/properties/repositories/items/properties/module_hotfixes/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema31.properties.repositories.items.properties.module_hotfixes.type,parentSchema:schema31.properties.repositories.items.properties.module_hotfixes,data:data25};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
}
if(data7.enabled !== undefined){
let data26 = data7.enabled;
if(typeof data26 !== "boolean"){
const err48 = {instancePath:instancePath+"/repositories/" + i1+"/enabled",schemaPath:"#/properties/repositories/items/properties/enabled/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema31.properties.repositories.items.properties.enabled.type,parentSchema:schema31.properties.repositories.items.properties.enabled,data:data26};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
}
}
else {
const err49 = {instancePath:instancePath+"/repositories/" + i1,schemaPath:"#/properties/repositories/items/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.properties.repositories.items.type,parentSchema:schema31.properties.repositories.items,data:data7};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
}
}
else {
const err50 = {instancePath:instancePath+"/repositories",schemaPath:"#/properties/repositories/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema31.properties.repositories.type,parentSchema:schema31.properties.repositories,data:data6};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
}
if(data.versions !== undefined){
let data27 = data.versions;
if(data27 && typeof data27 == "object" && !Array.isArray(data27)){
for(const key2 in data27){
let data28 = data27[key2];
if(typeof data28 === "string"){
if(!pattern4.test(data28)){
const err51 = {instancePath:instancePath+"/versions/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/versions/additionalProperties/pattern",keyword:"pattern",params:{pattern: "\\S"},message:"must match pattern \""+"\\S"+"\"",schema:"\\S",parentSchema:schema31.properties.versions.additionalProperties,data:data28};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
}
else {
const err52 = {instancePath:instancePath+"/versions/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/versions/additionalProperties/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.versions.additionalProperties.type,parentSchema:schema31.properties.versions.additionalProperties,data:data28};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
}
}
else {
const err53 = {instancePath:instancePath+"/versions",schemaPath:"#/properties/versions/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.properties.versions.type,parentSchema:schema31.properties.versions,data:data27};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
}
if(data.groups !== undefined){
let data29 = data.groups;
if(data29 && typeof data29 == "object" && !Array.isArray(data29)){
for(const key3 in data29){
let data30 = data29[key3];
if(Array.isArray(data30)){
const len7 = data30.length;
for(let i7=0; i7<len7; i7++){
let data31 = data30[i7];
if((typeof data31 !== "string") && (!(data31 && typeof data31 == "object" && !Array.isArray(data31)))){
const err54 = {instancePath:instancePath+"/groups/" + key3.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i7,schemaPath:"#/properties/groups/additionalProperties/items/type",keyword:"type",params:{type: schema31.properties.groups.additionalProperties.items.type},message:"must be string,object",schema:schema31.properties.groups.additionalProperties.items.type,parentSchema:schema31.properties.groups.additionalProperties.items,data:data31};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
if(typeof data31 === "string"){
if(!pattern4.test(data31)){
const err55 = {instancePath:instancePath+"/groups/" + key3.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i7,schemaPath:"#/properties/groups/additionalProperties/items/pattern",keyword:"pattern",params:{pattern: "\\S"},message:"must match pattern \""+"\\S"+"\"",schema:"\\S",parentSchema:schema31.properties.groups.additionalProperties.items,data:data31};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
}
if(data31 && typeof data31 == "object" && !Array.isArray(data31)){
if(data31.name === undefined){
const err56 = {instancePath:instancePath+"/groups/" + key3.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i7,schemaPath:"#/properties/groups/additionalProperties/items/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'",schema:schema31.properties.groups.additionalProperties.items.required,parentSchema:schema31.properties.groups.additionalProperties.items,data:data31};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
for(const key4 in data31){
if(!((key4 === "name") || (key4 === "architectures"))){
const err57 = {instancePath:instancePath+"/groups/" + key3.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i7,schemaPath:"#/properties/groups/additionalProperties/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key4},message:"must NOT have additional properties",schema:false,parentSchema:schema31.properties.groups.additionalProperties.items,data:data31};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
}
}
if(data31.name !== undefined){
let data32 = data31.name;
if(typeof data32 === "string"){
if(!pattern4.test(data32)){
const err58 = {instancePath:instancePath+"/groups/" + key3.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i7+"/name",schemaPath:"#/properties/groups/additionalProperties/items/properties/name/pattern",keyword:"pattern",params:{pattern: "\\S"},message:"must match pattern \""+"\\S"+"\"",schema:"\\S",parentSchema:schema31.properties.groups.additionalProperties.items.properties.name,data:data32};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
}
else {
const err59 = {instancePath:instancePath+"/groups/" + key3.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i7+"/name",schemaPath:"#/properties/groups/additionalProperties/items/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.groups.additionalProperties.items.properties.name.type,parentSchema:schema31.properties.groups.additionalProperties.items.properties.name,data:data32};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
}
if(data31.architectures !== undefined){
let data33 = data31.architectures;
if(Array.isArray(data33)){
if(data33.length < 1){
const err60 = {instancePath:instancePath+"/groups/" + key3.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i7+"/architectures",schemaPath:"#/properties/groups/additionalProperties/items/properties/architectures/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema31.properties.groups.additionalProperties.items.properties.architectures,data:data33};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
const len8 = data33.length;
for(let i8=0; i8<len8; i8++){
let data34 = data33[i8];
if(typeof data34 === "string"){
if(!pattern4.test(data34)){
const err61 = {instancePath:instancePath+"/groups/" + key3.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i7+"/architectures/" + i8,schemaPath:"#/properties/groups/additionalProperties/items/properties/architectures/items/pattern",keyword:"pattern",params:{pattern: "\\S"},message:"must match pattern \""+"\\S"+"\"",schema:"\\S",parentSchema:schema31.properties.groups.additionalProperties.items.properties.architectures.items,data:data34};
if(vErrors === null){
vErrors = [err61];
}
else {
vErrors.push(err61);
}
errors++;
}
}
else {
const err62 = {instancePath:instancePath+"/groups/" + key3.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i7+"/architectures/" + i8,schemaPath:"#/properties/groups/additionalProperties/items/properties/architectures/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.groups.additionalProperties.items.properties.architectures.items.type,parentSchema:schema31.properties.groups.additionalProperties.items.properties.architectures.items,data:data34};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
}
}
else {
const err63 = {instancePath:instancePath+"/groups/" + key3.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i7+"/architectures",schemaPath:"#/properties/groups/additionalProperties/items/properties/architectures/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema31.properties.groups.additionalProperties.items.properties.architectures.type,parentSchema:schema31.properties.groups.additionalProperties.items.properties.architectures,data:data33};
if(vErrors === null){
vErrors = [err63];
}
else {
vErrors.push(err63);
}
errors++;
}
}
}
}
}
else {
const err64 = {instancePath:instancePath+"/groups/" + key3.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/groups/additionalProperties/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema31.properties.groups.additionalProperties.type,parentSchema:schema31.properties.groups.additionalProperties,data:data30};
if(vErrors === null){
vErrors = [err64];
}
else {
vErrors.push(err64);
}
errors++;
}
}
}
else {
const err65 = {instancePath:instancePath+"/groups",schemaPath:"#/properties/groups/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.properties.groups.type,parentSchema:schema31.properties.groups,data:data29};
if(vErrors === null){
vErrors = [err65];
}
else {
vErrors.push(err65);
}
errors++;
}
}
if(data.sets !== undefined){
let data35 = data.sets;
if(data35 && typeof data35 == "object" && !Array.isArray(data35)){
if(Object.keys(data35).length < 1){
const err66 = {instancePath:instancePath+"/sets",schemaPath:"#/properties/sets/minProperties",keyword:"minProperties",params:{limit: 1},message:"must NOT have fewer than 1 properties",schema:1,parentSchema:schema31.properties.sets,data:data35};
if(vErrors === null){
vErrors = [err66];
}
else {
vErrors.push(err66);
}
errors++;
}
for(const key5 in data35){
let data36 = data35[key5];
if(data36 && typeof data36 == "object" && !Array.isArray(data36)){
for(const key6 in data36){
if(!(((((((key6 === "architectures") || (key6 === "groups")) || (key6 === "packages")) || (key6 === "ignore")) || (key6 === "exclude")) || (key6 === "options")) || (key6 === "modules"))){
const err67 = {instancePath:instancePath+"/sets/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/sets/additionalProperties/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key6},message:"must NOT have additional properties",schema:false,parentSchema:schema31.properties.sets.additionalProperties,data:data36};
if(vErrors === null){
vErrors = [err67];
}
else {
vErrors.push(err67);
}
errors++;
}
}
if(data36.architectures !== undefined){
let data37 = data36.architectures;
if(Array.isArray(data37)){
if(data37.length < 1){
const err68 = {instancePath:instancePath+"/sets/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/architectures",schemaPath:"#/properties/sets/additionalProperties/properties/architectures/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema31.properties.sets.additionalProperties.properties.architectures,data:data37};
if(vErrors === null){
vErrors = [err68];
}
else {
vErrors.push(err68);
}
errors++;
}
const len9 = data37.length;
for(let i9=0; i9<len9; i9++){
let data38 = data37[i9];
if(typeof data38 === "string"){
if(!pattern4.test(data38)){
const err69 = {instancePath:instancePath+"/sets/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/architectures/" + i9,schemaPath:"#/properties/sets/additionalProperties/properties/architectures/items/pattern",keyword:"pattern",params:{pattern: "\\S"},message:"must match pattern \""+"\\S"+"\"",schema:"\\S",parentSchema:schema31.properties.sets.additionalProperties.properties.architectures.items,data:data38};
if(vErrors === null){
vErrors = [err69];
}
else {
vErrors.push(err69);
}
errors++;
}
}
else {
const err70 = {instancePath:instancePath+"/sets/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/architectures/" + i9,schemaPath:"#/properties/sets/additionalProperties/properties/architectures/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.sets.additionalProperties.properties.architectures.items.type,parentSchema:schema31.properties.sets.additionalProperties.properties.architectures.items,data:data38};
if(vErrors === null){
vErrors = [err70];
}
else {
vErrors.push(err70);
}
errors++;
}
}
}
else {
const err71 = {instancePath:instancePath+"/sets/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/architectures",schemaPath:"#/properties/sets/additionalProperties/properties/architectures/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema31.properties.sets.additionalProperties.properties.architectures.type,parentSchema:schema31.properties.sets.additionalProperties.properties.architectures,data:data37};
if(vErrors === null){
vErrors = [err71];
}
else {
vErrors.push(err71);
}
errors++;
}
}
if(data36.groups !== undefined){
let data39 = data36.groups;
if(Array.isArray(data39)){
const len10 = data39.length;
for(let i10=0; i10<len10; i10++){
let data40 = data39[i10];
if(typeof data40 === "string"){
if(!pattern4.test(data40)){
const err72 = {instancePath:instancePath+"/sets/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/groups/" + i10,schemaPath:"#/properties/sets/additionalProperties/properties/groups/items/pattern",keyword:"pattern",params:{pattern: "\\S"},message:"must match pattern \""+"\\S"+"\"",schema:"\\S",parentSchema:schema31.properties.sets.additionalProperties.properties.groups.items,data:data40};
if(vErrors === null){
vErrors = [err72];
}
else {
vErrors.push(err72);
}
errors++;
}
}
else {
const err73 = {instancePath:instancePath+"/sets/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/groups/" + i10,schemaPath:"#/properties/sets/additionalProperties/properties/groups/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.sets.additionalProperties.properties.groups.items.type,parentSchema:schema31.properties.sets.additionalProperties.properties.groups.items,data:data40};
if(vErrors === null){
vErrors = [err73];
}
else {
vErrors.push(err73);
}
errors++;
}
}
}
else {
const err74 = {instancePath:instancePath+"/sets/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/groups",schemaPath:"#/properties/sets/additionalProperties/properties/groups/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema31.properties.sets.additionalProperties.properties.groups.type,parentSchema:schema31.properties.sets.additionalProperties.properties.groups,data:data39};
if(vErrors === null){
vErrors = [err74];
}
else {
vErrors.push(err74);
}
errors++;
}
}
if(data36.packages !== undefined){
let data41 = data36.packages;
if(Array.isArray(data41)){
const len11 = data41.length;
for(let i11=0; i11<len11; i11++){
let data42 = data41[i11];
if((typeof data42 !== "string") && (!(data42 && typeof data42 == "object" && !Array.isArray(data42)))){
const err75 = {instancePath:instancePath+"/sets/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/packages/" + i11,schemaPath:"#/properties/sets/additionalProperties/properties/packages/items/type",keyword:"type",params:{type: schema31.properties.sets.additionalProperties.properties.packages.items.type},message:"must be string,object",schema:schema31.properties.sets.additionalProperties.properties.packages.items.type,parentSchema:schema31.properties.sets.additionalProperties.properties.packages.items,data:data42};
if(vErrors === null){
vErrors = [err75];
}
else {
vErrors.push(err75);
}
errors++;
}
if(typeof data42 === "string"){
if(!pattern4.test(data42)){
const err76 = {instancePath:instancePath+"/sets/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/packages/" + i11,schemaPath:"#/properties/sets/additionalProperties/properties/packages/items/pattern",keyword:"pattern",params:{pattern: "\\S"},message:"must match pattern \""+"\\S"+"\"",schema:"\\S",parentSchema:schema31.properties.sets.additionalProperties.properties.packages.items,data:data42};
if(vErrors === null){
vErrors = [err76];
}
else {
vErrors.push(err76);
}
errors++;
}
}
if(data42 && typeof data42 == "object" && !Array.isArray(data42)){
if(data42.name === undefined){
const err77 = {instancePath:instancePath+"/sets/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/packages/" + i11,schemaPath:"#/properties/sets/additionalProperties/properties/packages/items/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'",schema:schema31.properties.sets.additionalProperties.properties.packages.items.required,parentSchema:schema31.properties.sets.additionalProperties.properties.packages.items,data:data42};
if(vErrors === null){
vErrors = [err77];
}
else {
vErrors.push(err77);
}
errors++;
}
for(const key7 in data42){
if(!((key7 === "name") || (key7 === "architectures"))){
const err78 = {instancePath:instancePath+"/sets/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/packages/" + i11,schemaPath:"#/properties/sets/additionalProperties/properties/packages/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key7},message:"must NOT have additional properties",schema:false,parentSchema:schema31.properties.sets.additionalProperties.properties.packages.items,data:data42};
if(vErrors === null){
vErrors = [err78];
}
else {
vErrors.push(err78);
}
errors++;
}
}
if(data42.name !== undefined){
let data43 = data42.name;
if(typeof data43 === "string"){
if(!pattern4.test(data43)){
const err79 = {instancePath:instancePath+"/sets/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/packages/" + i11+"/name",schemaPath:"#/properties/sets/additionalProperties/properties/packages/items/properties/name/pattern",keyword:"pattern",params:{pattern: "\\S"},message:"must match pattern \""+"\\S"+"\"",schema:"\\S",parentSchema:schema31.properties.sets.additionalProperties.properties.packages.items.properties.name,data:data43};
if(vErrors === null){
vErrors = [err79];
}
else {
vErrors.push(err79);
}
errors++;
}
}
else {
const err80 = {instancePath:instancePath+"/sets/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/packages/" + i11+"/name",schemaPath:"#/properties/sets/additionalProperties/properties/packages/items/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.sets.additionalProperties.properties.packages.items.properties.name.type,parentSchema:schema31.properties.sets.additionalProperties.properties.packages.items.properties.name,data:data43};
if(vErrors === null){
vErrors = [err80];
}
else {
vErrors.push(err80);
}
errors++;
}
}
if(data42.architectures !== undefined){
let data44 = data42.architectures;
if(Array.isArray(data44)){
if(data44.length < 1){
const err81 = {instancePath:instancePath+"/sets/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/packages/" + i11+"/architectures",schemaPath:"#/properties/sets/additionalProperties/properties/packages/items/properties/architectures/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema31.properties.sets.additionalProperties.properties.packages.items.properties.architectures,data:data44};
if(vErrors === null){
vErrors = [err81];
}
else {
vErrors.push(err81);
}
errors++;
}
const len12 = data44.length;
for(let i12=0; i12<len12; i12++){
let data45 = data44[i12];
if(typeof data45 === "string"){
if(!pattern4.test(data45)){
const err82 = {instancePath:instancePath+"/sets/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/packages/" + i11+"/architectures/" + i12,schemaPath:"#/properties/sets/additionalProperties/properties/packages/items/properties/architectures/items/pattern",keyword:"pattern",params:{pattern: "\\S"},message:"must match pattern \""+"\\S"+"\"",schema:"\\S",parentSchema:schema31.properties.sets.additionalProperties.properties.packages.items.properties.architectures.items,data:data45};
if(vErrors === null){
vErrors = [err82];
}
else {
vErrors.push(err82);
}
errors++;
}
}
else {
const err83 = {instancePath:instancePath+"/sets/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/packages/" + i11+"/architectures/" + i12,schemaPath:"#/properties/sets/additionalProperties/properties/packages/items/properties/architectures/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.sets.additionalProperties.properties.packages.items.properties.architectures.items.type,parentSchema:schema31.properties.sets.additionalProperties.properties.packages.items.properties.architectures.items,data:data45};
if(vErrors === null){
vErrors = [err83];
}
else {
vErrors.push(err83);
}
errors++;
}
}
}
else {
const err84 = {instancePath:instancePath+"/sets/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/packages/" + i11+"/architectures",schemaPath:"#/properties/sets/additionalProperties/properties/packages/items/properties/architectures/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema31.properties.sets.additionalProperties.properties.packages.items.properties.architectures.type,parentSchema:schema31.properties.sets.additionalProperties.properties.packages.items.properties.architectures,data:data44};
if(vErrors === null){
vErrors = [err84];
}
else {
vErrors.push(err84);
}
errors++;
}
}
}
}
}
else {
const err85 = {instancePath:instancePath+"/sets/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/packages",schemaPath:"#/properties/sets/additionalProperties/properties/packages/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema31.properties.sets.additionalProperties.properties.packages.type,parentSchema:schema31.properties.sets.additionalProperties.properties.packages,data:data41};
if(vErrors === null){
vErrors = [err85];
}
else {
vErrors.push(err85);
}
errors++;
}
}
if(data36.ignore !== undefined){
let data46 = data36.ignore;
if(Array.isArray(data46)){
const len13 = data46.length;
for(let i13=0; i13<len13; i13++){
let data47 = data46[i13];
if(typeof data47 === "string"){
if(!pattern4.test(data47)){
const err86 = {instancePath:instancePath+"/sets/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/ignore/" + i13,schemaPath:"#/properties/sets/additionalProperties/properties/ignore/items/pattern",keyword:"pattern",params:{pattern: "\\S"},message:"must match pattern \""+"\\S"+"\"",schema:"\\S",parentSchema:schema31.properties.sets.additionalProperties.properties.ignore.items,data:data47};
if(vErrors === null){
vErrors = [err86];
}
else {
vErrors.push(err86);
}
errors++;
}
}
else {
const err87 = {instancePath:instancePath+"/sets/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/ignore/" + i13,schemaPath:"#/properties/sets/additionalProperties/properties/ignore/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.sets.additionalProperties.properties.ignore.items.type,parentSchema:schema31.properties.sets.additionalProperties.properties.ignore.items,data:data47};
if(vErrors === null){
vErrors = [err87];
}
else {
vErrors.push(err87);
}
errors++;
}
}
}
else {
const err88 = {instancePath:instancePath+"/sets/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/ignore",schemaPath:"#/properties/sets/additionalProperties/properties/ignore/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema31.properties.sets.additionalProperties.properties.ignore.type,parentSchema:schema31.properties.sets.additionalProperties.properties.ignore,data:data46};
if(vErrors === null){
vErrors = [err88];
}
else {
vErrors.push(err88);
}
errors++;
}
}
if(data36.exclude !== undefined){
let data48 = data36.exclude;
if(Array.isArray(data48)){
const len14 = data48.length;
for(let i14=0; i14<len14; i14++){
let data49 = data48[i14];
if(typeof data49 === "string"){
if(!pattern4.test(data49)){
const err89 = {instancePath:instancePath+"/sets/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/exclude/" + i14,schemaPath:"#/properties/sets/additionalProperties/properties/exclude/items/pattern",keyword:"pattern",params:{pattern: "\\S"},message:"must match pattern \""+"\\S"+"\"",schema:"\\S",parentSchema:schema31.properties.sets.additionalProperties.properties.exclude.items,data:data49};
if(vErrors === null){
vErrors = [err89];
}
else {
vErrors.push(err89);
}
errors++;
}
}
else {
const err90 = {instancePath:instancePath+"/sets/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/exclude/" + i14,schemaPath:"#/properties/sets/additionalProperties/properties/exclude/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.sets.additionalProperties.properties.exclude.items.type,parentSchema:schema31.properties.sets.additionalProperties.properties.exclude.items,data:data49};
if(vErrors === null){
vErrors = [err90];
}
else {
vErrors.push(err90);
}
errors++;
}
}
}
else {
const err91 = {instancePath:instancePath+"/sets/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/exclude",schemaPath:"#/properties/sets/additionalProperties/properties/exclude/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema31.properties.sets.additionalProperties.properties.exclude.type,parentSchema:schema31.properties.sets.additionalProperties.properties.exclude,data:data48};
if(vErrors === null){
vErrors = [err91];
}
else {
vErrors.push(err91);
}
errors++;
}
}
if(data36.options !== undefined){
let data50 = data36.options;
if(data50 && typeof data50 == "object" && !Array.isArray(data50)){
for(const key8 in data50){
if(!((key8 === "weak_dependencies") || (key8 === "best"))){
const err92 = {instancePath:instancePath+"/sets/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/options",schemaPath:"#/properties/sets/additionalProperties/properties/options/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key8},message:"must NOT have additional properties",schema:false,parentSchema:schema31.properties.sets.additionalProperties.properties.options,data:data50};
if(vErrors === null){
vErrors = [err92];
}
else {
vErrors.push(err92);
}
errors++;
}
}
if(data50.weak_dependencies !== undefined){
let data51 = data50.weak_dependencies;
if(typeof data51 !== "boolean"){
const err93 = {instancePath:instancePath+"/sets/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/options/weak_dependencies",schemaPath:"#/properties/sets/additionalProperties/properties/options/properties/weak_dependencies/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema31.properties.sets.additionalProperties.properties.options.properties.weak_dependencies.type,parentSchema:schema31.properties.sets.additionalProperties.properties.options.properties.weak_dependencies,data:data51};
if(vErrors === null){
vErrors = [err93];
}
else {
vErrors.push(err93);
}
errors++;
}
}
if(data50.best !== undefined){
let data52 = data50.best;
if(typeof data52 !== "boolean"){
const err94 = {instancePath:instancePath+"/sets/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/options/best",schemaPath:"#/properties/sets/additionalProperties/properties/options/properties/best/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema31.properties.sets.additionalProperties.properties.options.properties.best.type,parentSchema:schema31.properties.sets.additionalProperties.properties.options.properties.best,data:data52};
if(vErrors === null){
vErrors = [err94];
}
else {
vErrors.push(err94);
}
errors++;
}
}
}
else {
const err95 = {instancePath:instancePath+"/sets/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/options",schemaPath:"#/properties/sets/additionalProperties/properties/options/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.properties.sets.additionalProperties.properties.options.type,parentSchema:schema31.properties.sets.additionalProperties.properties.options,data:data50};
if(vErrors === null){
vErrors = [err95];
}
else {
vErrors.push(err95);
}
errors++;
}
}
if(data36.modules !== undefined){
let data53 = data36.modules;
if(data53 && typeof data53 == "object" && !Array.isArray(data53)){
for(const key9 in data53){
if(!((key9 === "enable") || (key9 === "disable"))){
const err96 = {instancePath:instancePath+"/sets/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/modules",schemaPath:"#/properties/sets/additionalProperties/properties/modules/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key9},message:"must NOT have additional properties",schema:false,parentSchema:schema31.properties.sets.additionalProperties.properties.modules,data:data53};
if(vErrors === null){
vErrors = [err96];
}
else {
vErrors.push(err96);
}
errors++;
}
}
if(data53.enable !== undefined){
let data54 = data53.enable;
if(Array.isArray(data54)){
const len15 = data54.length;
for(let i15=0; i15<len15; i15++){
let data55 = data54[i15];
if(typeof data55 === "string"){
if(!pattern4.test(data55)){
const err97 = {instancePath:instancePath+"/sets/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/modules/enable/" + i15,schemaPath:"#/properties/sets/additionalProperties/properties/modules/properties/enable/items/pattern",keyword:"pattern",params:{pattern: "\\S"},message:"must match pattern \""+"\\S"+"\"",schema:"\\S",parentSchema:schema31.properties.sets.additionalProperties.properties.modules.properties.enable.items,data:data55};
if(vErrors === null){
vErrors = [err97];
}
else {
vErrors.push(err97);
}
errors++;
}
}
else {
const err98 = {instancePath:instancePath+"/sets/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/modules/enable/" + i15,schemaPath:"#/properties/sets/additionalProperties/properties/modules/properties/enable/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.sets.additionalProperties.properties.modules.properties.enable.items.type,parentSchema:schema31.properties.sets.additionalProperties.properties.modules.properties.enable.items,data:data55};
if(vErrors === null){
vErrors = [err98];
}
else {
vErrors.push(err98);
}
errors++;
}
}
}
else {
const err99 = {instancePath:instancePath+"/sets/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/modules/enable",schemaPath:"#/properties/sets/additionalProperties/properties/modules/properties/enable/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema31.properties.sets.additionalProperties.properties.modules.properties.enable.type,parentSchema:schema31.properties.sets.additionalProperties.properties.modules.properties.enable,data:data54};
if(vErrors === null){
vErrors = [err99];
}
else {
vErrors.push(err99);
}
errors++;
}
}
if(data53.disable !== undefined){
let data56 = data53.disable;
if(Array.isArray(data56)){
const len16 = data56.length;
for(let i16=0; i16<len16; i16++){
let data57 = data56[i16];
if(typeof data57 === "string"){
if(!pattern4.test(data57)){
const err100 = {instancePath:instancePath+"/sets/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/modules/disable/" + i16,schemaPath:"#/properties/sets/additionalProperties/properties/modules/properties/disable/items/pattern",keyword:"pattern",params:{pattern: "\\S"},message:"must match pattern \""+"\\S"+"\"",schema:"\\S",parentSchema:schema31.properties.sets.additionalProperties.properties.modules.properties.disable.items,data:data57};
if(vErrors === null){
vErrors = [err100];
}
else {
vErrors.push(err100);
}
errors++;
}
}
else {
const err101 = {instancePath:instancePath+"/sets/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/modules/disable/" + i16,schemaPath:"#/properties/sets/additionalProperties/properties/modules/properties/disable/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.sets.additionalProperties.properties.modules.properties.disable.items.type,parentSchema:schema31.properties.sets.additionalProperties.properties.modules.properties.disable.items,data:data57};
if(vErrors === null){
vErrors = [err101];
}
else {
vErrors.push(err101);
}
errors++;
}
}
}
else {
const err102 = {instancePath:instancePath+"/sets/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/modules/disable",schemaPath:"#/properties/sets/additionalProperties/properties/modules/properties/disable/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema31.properties.sets.additionalProperties.properties.modules.properties.disable.type,parentSchema:schema31.properties.sets.additionalProperties.properties.modules.properties.disable,data:data56};
if(vErrors === null){
vErrors = [err102];
}
else {
vErrors.push(err102);
}
errors++;
}
}
}
else {
const err103 = {instancePath:instancePath+"/sets/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/modules",schemaPath:"#/properties/sets/additionalProperties/properties/modules/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.properties.sets.additionalProperties.properties.modules.type,parentSchema:schema31.properties.sets.additionalProperties.properties.modules,data:data53};
if(vErrors === null){
vErrors = [err103];
}
else {
vErrors.push(err103);
}
errors++;
}
}
}
else {
const err104 = {instancePath:instancePath+"/sets/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/sets/additionalProperties/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.properties.sets.additionalProperties.type,parentSchema:schema31.properties.sets.additionalProperties,data:data36};
if(vErrors === null){
vErrors = [err104];
}
else {
vErrors.push(err104);
}
errors++;
}
}
}
else {
const err105 = {instancePath:instancePath+"/sets",schemaPath:"#/properties/sets/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.properties.sets.type,parentSchema:schema31.properties.sets,data:data35};
if(vErrors === null){
vErrors = [err105];
}
else {
vErrors.push(err105);
}
errors++;
}
}
if(data.options !== undefined){
let data58 = data.options;
if(data58 && typeof data58 == "object" && !Array.isArray(data58)){
for(const key10 in data58){
if(!((key10 === "weak_dependencies") || (key10 === "best"))){
const err106 = {instancePath:instancePath+"/options",schemaPath:"#/properties/options/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key10},message:"must NOT have additional properties",schema:false,parentSchema:schema31.properties.options,data:data58};
if(vErrors === null){
vErrors = [err106];
}
else {
vErrors.push(err106);
}
errors++;
}
}
if(data58.weak_dependencies !== undefined){
let data59 = data58.weak_dependencies;
if(typeof data59 !== "boolean"){
const err107 = {instancePath:instancePath+"/options/weak_dependencies",schemaPath:"#/properties/options/properties/weak_dependencies/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema31.properties.options.properties.weak_dependencies.type,parentSchema:schema31.properties.options.properties.weak_dependencies,data:data59};
if(vErrors === null){
vErrors = [err107];
}
else {
vErrors.push(err107);
}
errors++;
}
}
if(data58.best !== undefined){
let data60 = data58.best;
if(typeof data60 !== "boolean"){
const err108 = {instancePath:instancePath+"/options/best",schemaPath:"#/properties/options/properties/best/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema31.properties.options.properties.best.type,parentSchema:schema31.properties.options.properties.best,data:data60};
if(vErrors === null){
vErrors = [err108];
}
else {
vErrors.push(err108);
}
errors++;
}
}
}
else {
const err109 = {instancePath:instancePath+"/options",schemaPath:"#/properties/options/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.properties.options.type,parentSchema:schema31.properties.options,data:data58};
if(vErrors === null){
vErrors = [err109];
}
else {
vErrors.push(err109);
}
errors++;
}
}
if(data.modules !== undefined){
let data61 = data.modules;
if(data61 && typeof data61 == "object" && !Array.isArray(data61)){
for(const key11 in data61){
if(!((key11 === "enable") || (key11 === "disable"))){
const err110 = {instancePath:instancePath+"/modules",schemaPath:"#/properties/modules/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key11},message:"must NOT have additional properties",schema:false,parentSchema:schema31.properties.modules,data:data61};
if(vErrors === null){
vErrors = [err110];
}
else {
vErrors.push(err110);
}
errors++;
}
}
if(data61.enable !== undefined){
let data62 = data61.enable;
if(Array.isArray(data62)){
const len17 = data62.length;
for(let i17=0; i17<len17; i17++){
let data63 = data62[i17];
if(typeof data63 === "string"){
if(!pattern4.test(data63)){
const err111 = {instancePath:instancePath+"/modules/enable/" + i17,schemaPath:"#/properties/modules/properties/enable/items/pattern",keyword:"pattern",params:{pattern: "\\S"},message:"must match pattern \""+"\\S"+"\"",schema:"\\S",parentSchema:schema31.properties.modules.properties.enable.items,data:data63};
if(vErrors === null){
vErrors = [err111];
}
else {
vErrors.push(err111);
}
errors++;
}
}
else {
const err112 = {instancePath:instancePath+"/modules/enable/" + i17,schemaPath:"#/properties/modules/properties/enable/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.modules.properties.enable.items.type,parentSchema:schema31.properties.modules.properties.enable.items,data:data63};
if(vErrors === null){
vErrors = [err112];
}
else {
vErrors.push(err112);
}
errors++;
}
}
}
else {
const err113 = {instancePath:instancePath+"/modules/enable",schemaPath:"#/properties/modules/properties/enable/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema31.properties.modules.properties.enable.type,parentSchema:schema31.properties.modules.properties.enable,data:data62};
if(vErrors === null){
vErrors = [err113];
}
else {
vErrors.push(err113);
}
errors++;
}
}
if(data61.disable !== undefined){
let data64 = data61.disable;
if(Array.isArray(data64)){
const len18 = data64.length;
for(let i18=0; i18<len18; i18++){
let data65 = data64[i18];
if(typeof data65 === "string"){
if(!pattern4.test(data65)){
const err114 = {instancePath:instancePath+"/modules/disable/" + i18,schemaPath:"#/properties/modules/properties/disable/items/pattern",keyword:"pattern",params:{pattern: "\\S"},message:"must match pattern \""+"\\S"+"\"",schema:"\\S",parentSchema:schema31.properties.modules.properties.disable.items,data:data65};
if(vErrors === null){
vErrors = [err114];
}
else {
vErrors.push(err114);
}
errors++;
}
}
else {
const err115 = {instancePath:instancePath+"/modules/disable/" + i18,schemaPath:"#/properties/modules/properties/disable/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.modules.properties.disable.items.type,parentSchema:schema31.properties.modules.properties.disable.items,data:data65};
if(vErrors === null){
vErrors = [err115];
}
else {
vErrors.push(err115);
}
errors++;
}
}
}
else {
const err116 = {instancePath:instancePath+"/modules/disable",schemaPath:"#/properties/modules/properties/disable/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema31.properties.modules.properties.disable.type,parentSchema:schema31.properties.modules.properties.disable,data:data64};
if(vErrors === null){
vErrors = [err116];
}
else {
vErrors.push(err116);
}
errors++;
}
}
}
else {
const err117 = {instancePath:instancePath+"/modules",schemaPath:"#/properties/modules/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.properties.modules.type,parentSchema:schema31.properties.modules,data:data61};
if(vErrors === null){
vErrors = [err117];
}
else {
vErrors.push(err117);
}
errors++;
}
}
if(data.holds !== undefined){
let data66 = data.holds;
if(Array.isArray(data66)){
const len19 = data66.length;
for(let i19=0; i19<len19; i19++){
let data67 = data66[i19];
if(data67 && typeof data67 == "object" && !Array.isArray(data67)){
if(data67.package === undefined){
const err118 = {instancePath:instancePath+"/holds/" + i19,schemaPath:"#/properties/holds/items/required",keyword:"required",params:{missingProperty: "package"},message:"must have required property '"+"package"+"'",schema:schema31.properties.holds.items.required,parentSchema:schema31.properties.holds.items,data:data67};
if(vErrors === null){
vErrors = [err118];
}
else {
vErrors.push(err118);
}
errors++;
}
if(data67.version === undefined){
const err119 = {instancePath:instancePath+"/holds/" + i19,schemaPath:"#/properties/holds/items/required",keyword:"required",params:{missingProperty: "version"},message:"must have required property '"+"version"+"'",schema:schema31.properties.holds.items.required,parentSchema:schema31.properties.holds.items,data:data67};
if(vErrors === null){
vErrors = [err119];
}
else {
vErrors.push(err119);
}
errors++;
}
if(data67.reason === undefined){
const err120 = {instancePath:instancePath+"/holds/" + i19,schemaPath:"#/properties/holds/items/required",keyword:"required",params:{missingProperty: "reason"},message:"must have required property '"+"reason"+"'",schema:schema31.properties.holds.items.required,parentSchema:schema31.properties.holds.items,data:data67};
if(vErrors === null){
vErrors = [err120];
}
else {
vErrors.push(err120);
}
errors++;
}
for(const key12 in data67){
if(!(((((key12 === "package") || (key12 === "version")) || (key12 === "reason")) || (key12 === "until")) || (key12 === "issue"))){
const err121 = {instancePath:instancePath+"/holds/" + i19,schemaPath:"#/properties/holds/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key12},message:"must NOT have additional properties",schema:false,parentSchema:schema31.properties.holds.items,data:data67};
if(vErrors === null){
vErrors = [err121];
}
else {
vErrors.push(err121);
}
errors++;
}
}
if(data67.package !== undefined){
let data68 = data67.package;
if(typeof data68 === "string"){
if(!pattern4.test(data68)){
const err122 = {instancePath:instancePath+"/holds/" + i19+"/package",schemaPath:"#/properties/holds/items/properties/package/pattern",keyword:"pattern",params:{pattern: "\\S"},message:"must match pattern \""+"\\S"+"\"",schema:"\\S",parentSchema:schema31.properties.holds.items.properties.package,data:data68};
if(vErrors === null){
vErrors = [err122];
}
else {
vErrors.push(err122);
}
errors++;
}
}
else {
const err123 = {instancePath:instancePath+"/holds/" + i19+"/package",schemaPath:"#/properties/holds/items/properties/package/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.holds.items.properties.package.type,parentSchema:schema31.properties.holds.items.properties.package,data:data68};
if(vErrors === null){
vErrors = [err123];
}
else {
vErrors.push(err123);
}
errors++;
}
}
if(data67.version !== undefined){
let data69 = data67.version;
if(typeof data69 === "string"){
if(!pattern4.test(data69)){
const err124 = {instancePath:instancePath+"/holds/" + i19+"/version",schemaPath:"#/properties/holds/items/properties/version/pattern",keyword:"pattern",params:{pattern: "\\S"},message:"must match pattern \""+"\\S"+"\"",schema:"\\S",parentSchema:schema31.properties.holds.items.properties.version,data:data69};
if(vErrors === null){
vErrors = [err124];
}
else {
vErrors.push(err124);
}
errors++;
}
}
else {
const err125 = {instancePath:instancePath+"/holds/" + i19+"/version",schemaPath:"#/properties/holds/items/properties/version/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.holds.items.properties.version.type,parentSchema:schema31.properties.holds.items.properties.version,data:data69};
if(vErrors === null){
vErrors = [err125];
}
else {
vErrors.push(err125);
}
errors++;
}
}
if(data67.reason !== undefined){
let data70 = data67.reason;
if(typeof data70 === "string"){
if(!pattern4.test(data70)){
const err126 = {instancePath:instancePath+"/holds/" + i19+"/reason",schemaPath:"#/properties/holds/items/properties/reason/pattern",keyword:"pattern",params:{pattern: "\\S"},message:"must match pattern \""+"\\S"+"\"",schema:"\\S",parentSchema:schema31.properties.holds.items.properties.reason,data:data70};
if(vErrors === null){
vErrors = [err126];
}
else {
vErrors.push(err126);
}
errors++;
}
}
else {
const err127 = {instancePath:instancePath+"/holds/" + i19+"/reason",schemaPath:"#/properties/holds/items/properties/reason/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.holds.items.properties.reason.type,parentSchema:schema31.properties.holds.items.properties.reason,data:data70};
if(vErrors === null){
vErrors = [err127];
}
else {
vErrors.push(err127);
}
errors++;
}
}
if(data67.until !== undefined){
let data71 = data67.until;
if(typeof data71 !== "string"){
const err128 = {instancePath:instancePath+"/holds/" + i19+"/until",schemaPath:"#/properties/holds/items/properties/until/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.holds.items.properties.until.type,parentSchema:schema31.properties.holds.items.properties.until,data:data71};
if(vErrors === null){
vErrors = [err128];
}
else {
vErrors.push(err128);
}
errors++;
}
}
if(data67.issue !== undefined){
let data72 = data67.issue;
if(typeof data72 === "string"){
if(!pattern4.test(data72)){
const err129 = {instancePath:instancePath+"/holds/" + i19+"/issue",schemaPath:"#/properties/holds/items/properties/issue/pattern",keyword:"pattern",params:{pattern: "\\S"},message:"must match pattern \""+"\\S"+"\"",schema:"\\S",parentSchema:schema31.properties.holds.items.properties.issue,data:data72};
if(vErrors === null){
vErrors = [err129];
}
else {
vErrors.push(err129);
}
errors++;
}
}
else {
const err130 = {instancePath:instancePath+"/holds/" + i19+"/issue",schemaPath:"#/properties/holds/items/properties/issue/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.holds.items.properties.issue.type,parentSchema:schema31.properties.holds.items.properties.issue,data:data72};
if(vErrors === null){
vErrors = [err130];
}
else {
vErrors.push(err130);
}
errors++;
}
}
}
else {
const err131 = {instancePath:instancePath+"/holds/" + i19,schemaPath:"#/properties/holds/items/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.properties.holds.items.type,parentSchema:schema31.properties.holds.items,data:data67};
if(vErrors === null){
vErrors = [err131];
}
else {
vErrors.push(err131);
}
errors++;
}
}
}
else {
const err132 = {instancePath:instancePath+"/holds",schemaPath:"#/properties/holds/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema31.properties.holds.type,parentSchema:schema31.properties.holds,data:data66};
if(vErrors === null){
vErrors = [err132];
}
else {
vErrors.push(err132);
}
errors++;
}
}
if(data.cross_architecture !== undefined){
let data73 = data.cross_architecture;
if(data73 && typeof data73 == "object" && !Array.isArray(data73)){
for(const key13 in data73){
if(!(key13 === "same_version")){
const err133 = {instancePath:instancePath+"/cross_architecture",schemaPath:"#/properties/cross_architecture/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key13},message:"must NOT have additional properties",schema:false,parentSchema:schema31.properties.cross_architecture,data:data73};
if(vErrors === null){
vErrors = [err133];
}
else {
vErrors.push(err133);
}
errors++;
}
}
if(data73.same_version !== undefined){
let data74 = data73.same_version;
if(Array.isArray(data74)){
const len20 = data74.length;
for(let i20=0; i20<len20; i20++){
let data75 = data74[i20];
if(typeof data75 === "string"){
if(!pattern4.test(data75)){
const err134 = {instancePath:instancePath+"/cross_architecture/same_version/" + i20,schemaPath:"#/properties/cross_architecture/properties/same_version/items/pattern",keyword:"pattern",params:{pattern: "\\S"},message:"must match pattern \""+"\\S"+"\"",schema:"\\S",parentSchema:schema31.properties.cross_architecture.properties.same_version.items,data:data75};
if(vErrors === null){
vErrors = [err134];
}
else {
vErrors.push(err134);
}
errors++;
}
}
else {
const err135 = {instancePath:instancePath+"/cross_architecture/same_version/" + i20,schemaPath:"#/properties/cross_architecture/properties/same_version/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.cross_architecture.properties.same_version.items.type,parentSchema:schema31.properties.cross_architecture.properties.same_version.items,data:data75};
if(vErrors === null){
vErrors = [err135];
}
else {
vErrors.push(err135);
}
errors++;
}
}
}
else {
const err136 = {instancePath:instancePath+"/cross_architecture/same_version",schemaPath:"#/properties/cross_architecture/properties/same_version/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema31.properties.cross_architecture.properties.same_version.type,parentSchema:schema31.properties.cross_architecture.properties.same_version,data:data74};
if(vErrors === null){
vErrors = [err136];
}
else {
vErrors.push(err136);
}
errors++;
}
}
}
else {
const err137 = {instancePath:instancePath+"/cross_architecture",schemaPath:"#/properties/cross_architecture/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.properties.cross_architecture.type,parentSchema:schema31.properties.cross_architecture,data:data73};
if(vErrors === null){
vErrors = [err137];
}
else {
vErrors.push(err137);
}
errors++;
}
}
if(data.fallbacks !== undefined){
let data76 = data.fallbacks;
if(Array.isArray(data76)){
const len21 = data76.length;
for(let i21=0; i21<len21; i21++){
let data77 = data76[i21];
if(typeof data77 === "string"){
if(!pattern4.test(data77)){
const err138 = {instancePath:instancePath+"/fallbacks/" + i21,schemaPath:"#/properties/fallbacks/items/pattern",keyword:"pattern",params:{pattern: "\\S"},message:"must match pattern \""+"\\S"+"\"",schema:"\\S",parentSchema:schema31.properties.fallbacks.items,data:data77};
if(vErrors === null){
vErrors = [err138];
}
else {
vErrors.push(err138);
}
errors++;
}
}
else {
const err139 = {instancePath:instancePath+"/fallbacks/" + i21,schemaPath:"#/properties/fallbacks/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.fallbacks.items.type,parentSchema:schema31.properties.fallbacks.items,data:data77};
if(vErrors === null){
vErrors = [err139];
}
else {
vErrors.push(err139);
}
errors++;
}
}
}
else {
const err140 = {instancePath:instancePath+"/fallbacks",schemaPath:"#/properties/fallbacks/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema31.properties.fallbacks.type,parentSchema:schema31.properties.fallbacks,data:data76};
if(vErrors === null){
vErrors = [err140];
}
else {
vErrors.push(err140);
}
errors++;
}
}
}
else {
const err141 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.type,parentSchema:schema31,data};
if(vErrors === null){
vErrors = [err141];
}
else {
vErrors.push(err141);
}
errors++;
}
validate20.errors = vErrors;
return errors === 0;
}
validate20.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};
