// @ts-nocheck
// biome-ignore-all format: generated
// biome-ignore-all lint: generated
// Made from the schema beside this file by `npm run schemas`. Do not edit.
export const validate: { (data: unknown): boolean; errors?: unknown[] | null } = validate20;

const schema31 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"lockfile.schema.json","title":"rpm-deps lockfile (rpm-lockfiles/<set>-<arch>.lock.json)","type":"object","properties":{"schema_version":{"enum":["1.0","1.1"]},"architecture":{"type":"string","pattern":"^[A-Za-z0-9_]+$"},"package_set":{"type":"string","pattern":"^[A-Za-z0-9_][A-Za-z0-9._+-]*$"},"generated":{"type":"string","pattern":"^[0-9TZ:.+-]*$","description":"Newest timestamp in the metadata used, ISO 8601"},"generator":{"type":"string","pattern":"^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]*$"},"manifest_digest":{"type":"string","pattern":"^sha256:[0-9a-f]{64}$"},"requested":{"type":"array","items":{"type":"string","pattern":"^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]+$"}},"ignored":{"type":"array","items":{"type":"string","pattern":"^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]+$"}},"repositories":{"type":"array","items":{"type":"object","properties":{"id":{"type":"string","pattern":"^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]+$"},"baseurl":{"type":"string","pattern":"^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]*$"},"revision":{"type":"string","pattern":"^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]*$"},"repomd_sha256":{"type":"string","pattern":"^[0-9a-f]{64}$"},"gpgkey_fingerprints":{"type":"array","items":{"type":"string","pattern":"^[0-9A-F]{32,64}$"}}},"required":["id","baseurl","revision","repomd_sha256"]}},"packages":{"type":"array","items":{"type":"object","properties":{"name":{"type":"string","pattern":"^[A-Za-z0-9_+~^%{][A-Za-z0-9._+~^%{}()-]*$"},"epoch":{"type":"string","pattern":"^[0-9]{1,10}$"},"version":{"type":"string","pattern":"^[A-Za-z0-9_+~^%{][A-Za-z0-9._+~^%{}()-]*$"},"release":{"type":"string","pattern":"^[A-Za-z0-9_+~^%{][A-Za-z0-9._+~^%{}()-]*$"},"arch":{"type":"string","pattern":"^[A-Za-z0-9_]+$"},"sha256":{"type":"string","pattern":"^[0-9a-f]{64}$"},"filename":{"type":"string","pattern":"^[A-Za-z0-9_+~^%{][A-Za-z0-9._+~^%{}()@:-]*\\.rpm$"},"repository":{"type":"string","pattern":"^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]+$"},"location":{"type":"string","pattern":"^(?!/)(?!.*(?:^|/)\\.\\.?(?:/|$))(?![A-Za-z][A-Za-z0-9+.-]*:)[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff\\\\]+$"},"size":{"type":"integer","minimum":0},"source":{"type":"string","pattern":"^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]*$"},"dependencies":{"type":"array","items":{"type":"string","pattern":"^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]+$"}}},"required":["name","epoch","version","release","arch","sha256","filename"]}}},"required":["schema_version","architecture","package_set","packages"],"if":{"properties":{"schema_version":{"const":"1.1"}}},"then":{"required":["generated","generator","manifest_digest","requested","ignored","repositories"]}};
const pattern4 = new RegExp("^[A-Za-z0-9_]+$", "u");
const pattern5 = new RegExp("^[A-Za-z0-9_][A-Za-z0-9._+-]*$", "u");
const pattern6 = new RegExp("^[0-9TZ:.+-]*$", "u");
const pattern7 = new RegExp("^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]*$", "u");
const pattern8 = new RegExp("^sha256:[0-9a-f]{64}$", "u");
const pattern9 = new RegExp("^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]+$", "u");
const pattern14 = new RegExp("^[0-9a-f]{64}$", "u");
const pattern15 = new RegExp("^[0-9A-F]{32,64}$", "u");
const pattern16 = new RegExp("^[A-Za-z0-9_+~^%{][A-Za-z0-9._+~^%{}()-]*$", "u");
const pattern17 = new RegExp("^[0-9]{1,10}$", "u");
const pattern22 = new RegExp("^[A-Za-z0-9_+~^%{][A-Za-z0-9._+~^%{}()@:-]*\\.rpm$", "u");
const pattern24 = new RegExp("^(?!/)(?!.*(?:^|/)\\.\\.?(?:/|$))(?![A-Za-z][A-Za-z0-9+.-]*:)[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff\\\\]+$", "u");

function validate20(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="lockfile.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate20.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
const _errs1 = errors;
let valid0 = true;
const _errs2 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.schema_version !== undefined){
if("1.1" !== data.schema_version){
const err0 = {};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
}
var _valid0 = _errs2 === errors;
errors = _errs1;
if(vErrors !== null){
if(_errs1){
vErrors.length = _errs1;
}
else {
vErrors = null;
}
}
if(_valid0){
const _errs4 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((data.generated === undefined) && (missing0 = "generated")) || ((data.generator === undefined) && (missing0 = "generator"))) || ((data.manifest_digest === undefined) && (missing0 = "manifest_digest"))) || ((data.requested === undefined) && (missing0 = "requested"))) || ((data.ignored === undefined) && (missing0 = "ignored"))) || ((data.repositories === undefined) && (missing0 = "repositories"))){
validate20.errors = [{instancePath,schemaPath:"#/then/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
}
var _valid0 = _errs4 === errors;
valid0 = _valid0;
}
if(!valid0){
const err1 = {instancePath,schemaPath:"#/if",keyword:"if",params:{failingKeyword: "then"},message:"must match \"then\" schema"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
validate20.errors = vErrors;
return false;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing1;
if(((((data.schema_version === undefined) && (missing1 = "schema_version")) || ((data.architecture === undefined) && (missing1 = "architecture"))) || ((data.package_set === undefined) && (missing1 = "package_set"))) || ((data.packages === undefined) && (missing1 = "packages"))){
validate20.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
if(data.schema_version !== undefined){
let data1 = data.schema_version;
const _errs5 = errors;
if(!((data1 === "1.0") || (data1 === "1.1"))){
validate20.errors = [{instancePath:instancePath+"/schema_version",schemaPath:"#/properties/schema_version/enum",keyword:"enum",params:{allowedValues: schema31.properties.schema_version.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid2 = _errs5 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data.architecture !== undefined){
let data2 = data.architecture;
const _errs6 = errors;
if(errors === _errs6){
if(typeof data2 === "string"){
if(!pattern4.test(data2)){
validate20.errors = [{instancePath:instancePath+"/architecture",schemaPath:"#/properties/architecture/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_]+$"},message:"must match pattern \""+"^[A-Za-z0-9_]+$"+"\""}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/architecture",schemaPath:"#/properties/architecture/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs6 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data.package_set !== undefined){
let data3 = data.package_set;
const _errs8 = errors;
if(errors === _errs8){
if(typeof data3 === "string"){
if(!pattern5.test(data3)){
validate20.errors = [{instancePath:instancePath+"/package_set",schemaPath:"#/properties/package_set/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_][A-Za-z0-9._+-]*$"},message:"must match pattern \""+"^[A-Za-z0-9_][A-Za-z0-9._+-]*$"+"\""}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/package_set",schemaPath:"#/properties/package_set/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs8 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data.generated !== undefined){
let data4 = data.generated;
const _errs10 = errors;
if(errors === _errs10){
if(typeof data4 === "string"){
if(!pattern6.test(data4)){
validate20.errors = [{instancePath:instancePath+"/generated",schemaPath:"#/properties/generated/pattern",keyword:"pattern",params:{pattern: "^[0-9TZ:.+-]*$"},message:"must match pattern \""+"^[0-9TZ:.+-]*$"+"\""}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/generated",schemaPath:"#/properties/generated/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs10 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data.generator !== undefined){
let data5 = data.generator;
const _errs12 = errors;
if(errors === _errs12){
if(typeof data5 === "string"){
if(!pattern7.test(data5)){
validate20.errors = [{instancePath:instancePath+"/generator",schemaPath:"#/properties/generator/pattern",keyword:"pattern",params:{pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]*$"},message:"must match pattern \""+"^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]*$"+"\""}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/generator",schemaPath:"#/properties/generator/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs12 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data.manifest_digest !== undefined){
let data6 = data.manifest_digest;
const _errs14 = errors;
if(errors === _errs14){
if(typeof data6 === "string"){
if(!pattern8.test(data6)){
validate20.errors = [{instancePath:instancePath+"/manifest_digest",schemaPath:"#/properties/manifest_digest/pattern",keyword:"pattern",params:{pattern: "^sha256:[0-9a-f]{64}$"},message:"must match pattern \""+"^sha256:[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/manifest_digest",schemaPath:"#/properties/manifest_digest/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs14 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data.requested !== undefined){
let data7 = data.requested;
const _errs16 = errors;
if(errors === _errs16){
if(Array.isArray(data7)){
var valid3 = true;
const len0 = data7.length;
for(let i0=0; i0<len0; i0++){
let data8 = data7[i0];
const _errs18 = errors;
if(errors === _errs18){
if(typeof data8 === "string"){
if(!pattern9.test(data8)){
validate20.errors = [{instancePath:instancePath+"/requested/" + i0,schemaPath:"#/properties/requested/items/pattern",keyword:"pattern",params:{pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]+$"},message:"must match pattern \""+"^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]+$"+"\""}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/requested/" + i0,schemaPath:"#/properties/requested/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid3 = _errs18 === errors;
if(!valid3){
break;
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/requested",schemaPath:"#/properties/requested/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid2 = _errs16 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data.ignored !== undefined){
let data9 = data.ignored;
const _errs20 = errors;
if(errors === _errs20){
if(Array.isArray(data9)){
var valid4 = true;
const len1 = data9.length;
for(let i1=0; i1<len1; i1++){
let data10 = data9[i1];
const _errs22 = errors;
if(errors === _errs22){
if(typeof data10 === "string"){
if(!pattern9.test(data10)){
validate20.errors = [{instancePath:instancePath+"/ignored/" + i1,schemaPath:"#/properties/ignored/items/pattern",keyword:"pattern",params:{pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]+$"},message:"must match pattern \""+"^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]+$"+"\""}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/ignored/" + i1,schemaPath:"#/properties/ignored/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid4 = _errs22 === errors;
if(!valid4){
break;
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/ignored",schemaPath:"#/properties/ignored/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid2 = _errs20 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data.repositories !== undefined){
let data11 = data.repositories;
const _errs24 = errors;
if(errors === _errs24){
if(Array.isArray(data11)){
var valid5 = true;
const len2 = data11.length;
for(let i2=0; i2<len2; i2++){
let data12 = data11[i2];
const _errs26 = errors;
if(errors === _errs26){
if(data12 && typeof data12 == "object" && !Array.isArray(data12)){
let missing2;
if(((((data12.id === undefined) && (missing2 = "id")) || ((data12.baseurl === undefined) && (missing2 = "baseurl"))) || ((data12.revision === undefined) && (missing2 = "revision"))) || ((data12.repomd_sha256 === undefined) && (missing2 = "repomd_sha256"))){
validate20.errors = [{instancePath:instancePath+"/repositories/" + i2,schemaPath:"#/properties/repositories/items/required",keyword:"required",params:{missingProperty: missing2},message:"must have required property '"+missing2+"'"}];
return false;
}
else {
if(data12.id !== undefined){
let data13 = data12.id;
const _errs28 = errors;
if(errors === _errs28){
if(typeof data13 === "string"){
if(!pattern9.test(data13)){
validate20.errors = [{instancePath:instancePath+"/repositories/" + i2+"/id",schemaPath:"#/properties/repositories/items/properties/id/pattern",keyword:"pattern",params:{pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]+$"},message:"must match pattern \""+"^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]+$"+"\""}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/repositories/" + i2+"/id",schemaPath:"#/properties/repositories/items/properties/id/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid6 = _errs28 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data12.baseurl !== undefined){
let data14 = data12.baseurl;
const _errs30 = errors;
if(errors === _errs30){
if(typeof data14 === "string"){
if(!pattern7.test(data14)){
validate20.errors = [{instancePath:instancePath+"/repositories/" + i2+"/baseurl",schemaPath:"#/properties/repositories/items/properties/baseurl/pattern",keyword:"pattern",params:{pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]*$"},message:"must match pattern \""+"^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]*$"+"\""}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/repositories/" + i2+"/baseurl",schemaPath:"#/properties/repositories/items/properties/baseurl/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid6 = _errs30 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data12.revision !== undefined){
let data15 = data12.revision;
const _errs32 = errors;
if(errors === _errs32){
if(typeof data15 === "string"){
if(!pattern7.test(data15)){
validate20.errors = [{instancePath:instancePath+"/repositories/" + i2+"/revision",schemaPath:"#/properties/repositories/items/properties/revision/pattern",keyword:"pattern",params:{pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]*$"},message:"must match pattern \""+"^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]*$"+"\""}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/repositories/" + i2+"/revision",schemaPath:"#/properties/repositories/items/properties/revision/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid6 = _errs32 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data12.repomd_sha256 !== undefined){
let data16 = data12.repomd_sha256;
const _errs34 = errors;
if(errors === _errs34){
if(typeof data16 === "string"){
if(!pattern14.test(data16)){
validate20.errors = [{instancePath:instancePath+"/repositories/" + i2+"/repomd_sha256",schemaPath:"#/properties/repositories/items/properties/repomd_sha256/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{64}$"},message:"must match pattern \""+"^[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/repositories/" + i2+"/repomd_sha256",schemaPath:"#/properties/repositories/items/properties/repomd_sha256/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid6 = _errs34 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data12.gpgkey_fingerprints !== undefined){
let data17 = data12.gpgkey_fingerprints;
const _errs36 = errors;
if(errors === _errs36){
if(Array.isArray(data17)){
var valid7 = true;
const len3 = data17.length;
for(let i3=0; i3<len3; i3++){
let data18 = data17[i3];
const _errs38 = errors;
if(errors === _errs38){
if(typeof data18 === "string"){
if(!pattern15.test(data18)){
validate20.errors = [{instancePath:instancePath+"/repositories/" + i2+"/gpgkey_fingerprints/" + i3,schemaPath:"#/properties/repositories/items/properties/gpgkey_fingerprints/items/pattern",keyword:"pattern",params:{pattern: "^[0-9A-F]{32,64}$"},message:"must match pattern \""+"^[0-9A-F]{32,64}$"+"\""}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/repositories/" + i2+"/gpgkey_fingerprints/" + i3,schemaPath:"#/properties/repositories/items/properties/gpgkey_fingerprints/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid7 = _errs38 === errors;
if(!valid7){
break;
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/repositories/" + i2+"/gpgkey_fingerprints",schemaPath:"#/properties/repositories/items/properties/gpgkey_fingerprints/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid6 = _errs36 === errors;
}
else {
var valid6 = true;
}
}
}
}
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/repositories/" + i2,schemaPath:"#/properties/repositories/items/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid5 = _errs26 === errors;
if(!valid5){
break;
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/repositories",schemaPath:"#/properties/repositories/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid2 = _errs24 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data.packages !== undefined){
let data19 = data.packages;
const _errs40 = errors;
if(errors === _errs40){
if(Array.isArray(data19)){
var valid8 = true;
const len4 = data19.length;
for(let i4=0; i4<len4; i4++){
let data20 = data19[i4];
const _errs42 = errors;
if(errors === _errs42){
if(data20 && typeof data20 == "object" && !Array.isArray(data20)){
let missing3;
if((((((((data20.name === undefined) && (missing3 = "name")) || ((data20.epoch === undefined) && (missing3 = "epoch"))) || ((data20.version === undefined) && (missing3 = "version"))) || ((data20.release === undefined) && (missing3 = "release"))) || ((data20.arch === undefined) && (missing3 = "arch"))) || ((data20.sha256 === undefined) && (missing3 = "sha256"))) || ((data20.filename === undefined) && (missing3 = "filename"))){
validate20.errors = [{instancePath:instancePath+"/packages/" + i4,schemaPath:"#/properties/packages/items/required",keyword:"required",params:{missingProperty: missing3},message:"must have required property '"+missing3+"'"}];
return false;
}
else {
if(data20.name !== undefined){
let data21 = data20.name;
const _errs44 = errors;
if(errors === _errs44){
if(typeof data21 === "string"){
if(!pattern16.test(data21)){
validate20.errors = [{instancePath:instancePath+"/packages/" + i4+"/name",schemaPath:"#/properties/packages/items/properties/name/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_+~^%{][A-Za-z0-9._+~^%{}()-]*$"},message:"must match pattern \""+"^[A-Za-z0-9_+~^%{][A-Za-z0-9._+~^%{}()-]*$"+"\""}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/packages/" + i4+"/name",schemaPath:"#/properties/packages/items/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid9 = _errs44 === errors;
}
else {
var valid9 = true;
}
if(valid9){
if(data20.epoch !== undefined){
let data22 = data20.epoch;
const _errs46 = errors;
if(errors === _errs46){
if(typeof data22 === "string"){
if(!pattern17.test(data22)){
validate20.errors = [{instancePath:instancePath+"/packages/" + i4+"/epoch",schemaPath:"#/properties/packages/items/properties/epoch/pattern",keyword:"pattern",params:{pattern: "^[0-9]{1,10}$"},message:"must match pattern \""+"^[0-9]{1,10}$"+"\""}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/packages/" + i4+"/epoch",schemaPath:"#/properties/packages/items/properties/epoch/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid9 = _errs46 === errors;
}
else {
var valid9 = true;
}
if(valid9){
if(data20.version !== undefined){
let data23 = data20.version;
const _errs48 = errors;
if(errors === _errs48){
if(typeof data23 === "string"){
if(!pattern16.test(data23)){
validate20.errors = [{instancePath:instancePath+"/packages/" + i4+"/version",schemaPath:"#/properties/packages/items/properties/version/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_+~^%{][A-Za-z0-9._+~^%{}()-]*$"},message:"must match pattern \""+"^[A-Za-z0-9_+~^%{][A-Za-z0-9._+~^%{}()-]*$"+"\""}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/packages/" + i4+"/version",schemaPath:"#/properties/packages/items/properties/version/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid9 = _errs48 === errors;
}
else {
var valid9 = true;
}
if(valid9){
if(data20.release !== undefined){
let data24 = data20.release;
const _errs50 = errors;
if(errors === _errs50){
if(typeof data24 === "string"){
if(!pattern16.test(data24)){
validate20.errors = [{instancePath:instancePath+"/packages/" + i4+"/release",schemaPath:"#/properties/packages/items/properties/release/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_+~^%{][A-Za-z0-9._+~^%{}()-]*$"},message:"must match pattern \""+"^[A-Za-z0-9_+~^%{][A-Za-z0-9._+~^%{}()-]*$"+"\""}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/packages/" + i4+"/release",schemaPath:"#/properties/packages/items/properties/release/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid9 = _errs50 === errors;
}
else {
var valid9 = true;
}
if(valid9){
if(data20.arch !== undefined){
let data25 = data20.arch;
const _errs52 = errors;
if(errors === _errs52){
if(typeof data25 === "string"){
if(!pattern4.test(data25)){
validate20.errors = [{instancePath:instancePath+"/packages/" + i4+"/arch",schemaPath:"#/properties/packages/items/properties/arch/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_]+$"},message:"must match pattern \""+"^[A-Za-z0-9_]+$"+"\""}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/packages/" + i4+"/arch",schemaPath:"#/properties/packages/items/properties/arch/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid9 = _errs52 === errors;
}
else {
var valid9 = true;
}
if(valid9){
if(data20.sha256 !== undefined){
let data26 = data20.sha256;
const _errs54 = errors;
if(errors === _errs54){
if(typeof data26 === "string"){
if(!pattern14.test(data26)){
validate20.errors = [{instancePath:instancePath+"/packages/" + i4+"/sha256",schemaPath:"#/properties/packages/items/properties/sha256/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{64}$"},message:"must match pattern \""+"^[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/packages/" + i4+"/sha256",schemaPath:"#/properties/packages/items/properties/sha256/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid9 = _errs54 === errors;
}
else {
var valid9 = true;
}
if(valid9){
if(data20.filename !== undefined){
let data27 = data20.filename;
const _errs56 = errors;
if(errors === _errs56){
if(typeof data27 === "string"){
if(!pattern22.test(data27)){
validate20.errors = [{instancePath:instancePath+"/packages/" + i4+"/filename",schemaPath:"#/properties/packages/items/properties/filename/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_+~^%{][A-Za-z0-9._+~^%{}()@:-]*\\.rpm$"},message:"must match pattern \""+"^[A-Za-z0-9_+~^%{][A-Za-z0-9._+~^%{}()@:-]*\\.rpm$"+"\""}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/packages/" + i4+"/filename",schemaPath:"#/properties/packages/items/properties/filename/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid9 = _errs56 === errors;
}
else {
var valid9 = true;
}
if(valid9){
if(data20.repository !== undefined){
let data28 = data20.repository;
const _errs58 = errors;
if(errors === _errs58){
if(typeof data28 === "string"){
if(!pattern9.test(data28)){
validate20.errors = [{instancePath:instancePath+"/packages/" + i4+"/repository",schemaPath:"#/properties/packages/items/properties/repository/pattern",keyword:"pattern",params:{pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]+$"},message:"must match pattern \""+"^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]+$"+"\""}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/packages/" + i4+"/repository",schemaPath:"#/properties/packages/items/properties/repository/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid9 = _errs58 === errors;
}
else {
var valid9 = true;
}
if(valid9){
if(data20.location !== undefined){
let data29 = data20.location;
const _errs60 = errors;
if(errors === _errs60){
if(typeof data29 === "string"){
if(!pattern24.test(data29)){
validate20.errors = [{instancePath:instancePath+"/packages/" + i4+"/location",schemaPath:"#/properties/packages/items/properties/location/pattern",keyword:"pattern",params:{pattern: "^(?!/)(?!.*(?:^|/)\\.\\.?(?:/|$))(?![A-Za-z][A-Za-z0-9+.-]*:)[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff\\\\]+$"},message:"must match pattern \""+"^(?!/)(?!.*(?:^|/)\\.\\.?(?:/|$))(?![A-Za-z][A-Za-z0-9+.-]*:)[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff\\\\]+$"+"\""}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/packages/" + i4+"/location",schemaPath:"#/properties/packages/items/properties/location/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid9 = _errs60 === errors;
}
else {
var valid9 = true;
}
if(valid9){
if(data20.size !== undefined){
let data30 = data20.size;
const _errs62 = errors;
if(!(((typeof data30 == "number") && (!(data30 % 1) && !isNaN(data30))) && (isFinite(data30)))){
validate20.errors = [{instancePath:instancePath+"/packages/" + i4+"/size",schemaPath:"#/properties/packages/items/properties/size/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs62){
if((typeof data30 == "number") && (isFinite(data30))){
if(data30 < 0 || isNaN(data30)){
validate20.errors = [{instancePath:instancePath+"/packages/" + i4+"/size",schemaPath:"#/properties/packages/items/properties/size/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid9 = _errs62 === errors;
}
else {
var valid9 = true;
}
if(valid9){
if(data20.source !== undefined){
let data31 = data20.source;
const _errs64 = errors;
if(errors === _errs64){
if(typeof data31 === "string"){
if(!pattern7.test(data31)){
validate20.errors = [{instancePath:instancePath+"/packages/" + i4+"/source",schemaPath:"#/properties/packages/items/properties/source/pattern",keyword:"pattern",params:{pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]*$"},message:"must match pattern \""+"^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]*$"+"\""}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/packages/" + i4+"/source",schemaPath:"#/properties/packages/items/properties/source/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid9 = _errs64 === errors;
}
else {
var valid9 = true;
}
if(valid9){
if(data20.dependencies !== undefined){
let data32 = data20.dependencies;
const _errs66 = errors;
if(errors === _errs66){
if(Array.isArray(data32)){
var valid10 = true;
const len5 = data32.length;
for(let i5=0; i5<len5; i5++){
let data33 = data32[i5];
const _errs68 = errors;
if(errors === _errs68){
if(typeof data33 === "string"){
if(!pattern9.test(data33)){
validate20.errors = [{instancePath:instancePath+"/packages/" + i4+"/dependencies/" + i5,schemaPath:"#/properties/packages/items/properties/dependencies/items/pattern",keyword:"pattern",params:{pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]+$"},message:"must match pattern \""+"^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]+$"+"\""}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/packages/" + i4+"/dependencies/" + i5,schemaPath:"#/properties/packages/items/properties/dependencies/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid10 = _errs68 === errors;
if(!valid10){
break;
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/packages/" + i4+"/dependencies",schemaPath:"#/properties/packages/items/properties/dependencies/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid9 = _errs66 === errors;
}
else {
var valid9 = true;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/packages/" + i4,schemaPath:"#/properties/packages/items/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid8 = _errs42 === errors;
if(!valid8){
break;
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/packages",schemaPath:"#/properties/packages/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid2 = _errs40 === errors;
}
else {
var valid2 = true;
}
}
}
}
}
}
}
}
}
}
}
}
else {
validate20.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate20.errors = vErrors;
return errors === 0;
}
validate20.evaluated = {"props":{"schema_version":true,"architecture":true,"package_set":true,"generated":true,"generator":true,"manifest_digest":true,"requested":true,"ignored":true,"repositories":true,"packages":true},"dynamicProps":false,"dynamicItems":false};
