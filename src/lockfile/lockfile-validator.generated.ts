// @ts-nocheck
// biome-ignore-all format: generated
// biome-ignore-all lint: generated
// Made from the schema beside this file by `npm run schemas`. Do not edit.
export const validate: { (data: unknown): boolean; errors?: unknown[] | null } = validate20;

const schema31 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"lockfile.schema.json","title":"rpm-deps lockfile (rpm-lockfiles/<set>-<arch>.lock.json)","type":"object","properties":{"schema_version":{"enum":["1.0","1.1"]},"architecture":{"type":"string","pattern":"^[A-Za-z0-9_]+$"},"package_set":{"type":"string","pattern":"^[A-Za-z0-9_][A-Za-z0-9._+-]*$"},"generated":{"type":"string","pattern":"^[0-9TZ:.+-]*$","description":"Newest timestamp in the metadata used, ISO 8601"},"generator":{"type":"string","pattern":"^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]*$"},"manifest_digest":{"type":"string","pattern":"^sha256:[0-9a-f]{64}$"},"requested":{"type":"array","items":{"type":"string","pattern":"^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]+$"}},"answered_by":{"type":"object","additionalProperties":{"type":"array","items":{"type":"string","pattern":"^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]+$"}},"description":"Packages that answer a requested spec which does not name them: a path, a capability, a group, or what is obsoleted"},"ignored":{"type":"array","items":{"type":"string","pattern":"^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]+$"}},"repositories":{"type":"array","items":{"type":"object","properties":{"id":{"type":"string","pattern":"^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]+$"},"baseurl":{"type":"string","pattern":"^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]*$"},"revision":{"type":"string","pattern":"^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]*$"},"repomd_sha256":{"type":"string","pattern":"^[0-9a-f]{64}$"},"gpgkey_fingerprints":{"type":"array","items":{"type":"string","pattern":"^[0-9A-F]{32,64}$"}}},"required":["id","baseurl","revision","repomd_sha256"]}},"packages":{"type":"array","items":{"type":"object","properties":{"name":{"type":"string","pattern":"^[A-Za-z0-9_+~^%{][A-Za-z0-9._+~^%{}()-]*$"},"epoch":{"type":"string","pattern":"^[0-9]{1,10}$"},"version":{"type":"string","pattern":"^[A-Za-z0-9_+~^%{][A-Za-z0-9._+~^%{}()-]*$"},"release":{"type":"string","pattern":"^[A-Za-z0-9_+~^%{][A-Za-z0-9._+~^%{}()-]*$"},"arch":{"type":"string","pattern":"^[A-Za-z0-9_]+$"},"sha256":{"type":"string","pattern":"^[0-9a-f]{64}$"},"filename":{"type":"string","pattern":"^[A-Za-z0-9_+~^%{][A-Za-z0-9._+~^%{}()@:-]*\\.rpm$"},"repository":{"type":"string","pattern":"^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]+$"},"location":{"type":"string","pattern":"^(?!/)(?!.*(?:^|/)\\.\\.?(?:/|$))(?![A-Za-z][A-Za-z0-9+.-]*:)[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff\\\\]+$"},"size":{"type":"integer","minimum":0},"source":{"type":"string","pattern":"^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]*$"},"dependencies":{"type":"array","items":{"type":"string","pattern":"^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]+$"}}},"required":["name","epoch","version","release","arch","sha256","filename"]}}},"required":["schema_version","architecture","package_set","packages"],"if":{"properties":{"schema_version":{"const":"1.1"}}},"then":{"required":["generated","generator","manifest_digest","requested","ignored","repositories"]}};
const pattern4 = new RegExp("^[A-Za-z0-9_]+$", "u");
const pattern5 = new RegExp("^[A-Za-z0-9_][A-Za-z0-9._+-]*$", "u");
const pattern6 = new RegExp("^[0-9TZ:.+-]*$", "u");
const pattern7 = new RegExp("^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]*$", "u");
const pattern8 = new RegExp("^sha256:[0-9a-f]{64}$", "u");
const pattern9 = new RegExp("^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]+$", "u");
const pattern15 = new RegExp("^[0-9a-f]{64}$", "u");
const pattern16 = new RegExp("^[0-9A-F]{32,64}$", "u");
const pattern17 = new RegExp("^[A-Za-z0-9_+~^%{][A-Za-z0-9._+~^%{}()-]*$", "u");
const pattern18 = new RegExp("^[0-9]{1,10}$", "u");
const pattern23 = new RegExp("^[A-Za-z0-9_+~^%{][A-Za-z0-9._+~^%{}()@:-]*\\.rpm$", "u");
const pattern25 = new RegExp("^(?!/)(?!.*(?:^|/)\\.\\.?(?:/|$))(?![A-Za-z][A-Za-z0-9+.-]*:)[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff\\\\]+$", "u");

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
if(data.answered_by !== undefined){
let data9 = data.answered_by;
const _errs20 = errors;
if(errors === _errs20){
if(data9 && typeof data9 == "object" && !Array.isArray(data9)){
for(const key0 in data9){
let data10 = data9[key0];
const _errs23 = errors;
if(errors === _errs23){
if(Array.isArray(data10)){
var valid5 = true;
const len1 = data10.length;
for(let i1=0; i1<len1; i1++){
let data11 = data10[i1];
const _errs25 = errors;
if(errors === _errs25){
if(typeof data11 === "string"){
if(!pattern9.test(data11)){
validate20.errors = [{instancePath:instancePath+"/answered_by/" + key0.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i1,schemaPath:"#/properties/answered_by/additionalProperties/items/pattern",keyword:"pattern",params:{pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]+$"},message:"must match pattern \""+"^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]+$"+"\""}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/answered_by/" + key0.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i1,schemaPath:"#/properties/answered_by/additionalProperties/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid5 = _errs25 === errors;
if(!valid5){
break;
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/answered_by/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/answered_by/additionalProperties/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid4 = _errs23 === errors;
if(!valid4){
break;
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/answered_by",schemaPath:"#/properties/answered_by/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid2 = _errs20 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data.ignored !== undefined){
let data12 = data.ignored;
const _errs27 = errors;
if(errors === _errs27){
if(Array.isArray(data12)){
var valid6 = true;
const len2 = data12.length;
for(let i2=0; i2<len2; i2++){
let data13 = data12[i2];
const _errs29 = errors;
if(errors === _errs29){
if(typeof data13 === "string"){
if(!pattern9.test(data13)){
validate20.errors = [{instancePath:instancePath+"/ignored/" + i2,schemaPath:"#/properties/ignored/items/pattern",keyword:"pattern",params:{pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]+$"},message:"must match pattern \""+"^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]+$"+"\""}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/ignored/" + i2,schemaPath:"#/properties/ignored/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid6 = _errs29 === errors;
if(!valid6){
break;
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/ignored",schemaPath:"#/properties/ignored/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid2 = _errs27 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data.repositories !== undefined){
let data14 = data.repositories;
const _errs31 = errors;
if(errors === _errs31){
if(Array.isArray(data14)){
var valid7 = true;
const len3 = data14.length;
for(let i3=0; i3<len3; i3++){
let data15 = data14[i3];
const _errs33 = errors;
if(errors === _errs33){
if(data15 && typeof data15 == "object" && !Array.isArray(data15)){
let missing2;
if(((((data15.id === undefined) && (missing2 = "id")) || ((data15.baseurl === undefined) && (missing2 = "baseurl"))) || ((data15.revision === undefined) && (missing2 = "revision"))) || ((data15.repomd_sha256 === undefined) && (missing2 = "repomd_sha256"))){
validate20.errors = [{instancePath:instancePath+"/repositories/" + i3,schemaPath:"#/properties/repositories/items/required",keyword:"required",params:{missingProperty: missing2},message:"must have required property '"+missing2+"'"}];
return false;
}
else {
if(data15.id !== undefined){
let data16 = data15.id;
const _errs35 = errors;
if(errors === _errs35){
if(typeof data16 === "string"){
if(!pattern9.test(data16)){
validate20.errors = [{instancePath:instancePath+"/repositories/" + i3+"/id",schemaPath:"#/properties/repositories/items/properties/id/pattern",keyword:"pattern",params:{pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]+$"},message:"must match pattern \""+"^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]+$"+"\""}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/repositories/" + i3+"/id",schemaPath:"#/properties/repositories/items/properties/id/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid8 = _errs35 === errors;
}
else {
var valid8 = true;
}
if(valid8){
if(data15.baseurl !== undefined){
let data17 = data15.baseurl;
const _errs37 = errors;
if(errors === _errs37){
if(typeof data17 === "string"){
if(!pattern7.test(data17)){
validate20.errors = [{instancePath:instancePath+"/repositories/" + i3+"/baseurl",schemaPath:"#/properties/repositories/items/properties/baseurl/pattern",keyword:"pattern",params:{pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]*$"},message:"must match pattern \""+"^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]*$"+"\""}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/repositories/" + i3+"/baseurl",schemaPath:"#/properties/repositories/items/properties/baseurl/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid8 = _errs37 === errors;
}
else {
var valid8 = true;
}
if(valid8){
if(data15.revision !== undefined){
let data18 = data15.revision;
const _errs39 = errors;
if(errors === _errs39){
if(typeof data18 === "string"){
if(!pattern7.test(data18)){
validate20.errors = [{instancePath:instancePath+"/repositories/" + i3+"/revision",schemaPath:"#/properties/repositories/items/properties/revision/pattern",keyword:"pattern",params:{pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]*$"},message:"must match pattern \""+"^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]*$"+"\""}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/repositories/" + i3+"/revision",schemaPath:"#/properties/repositories/items/properties/revision/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid8 = _errs39 === errors;
}
else {
var valid8 = true;
}
if(valid8){
if(data15.repomd_sha256 !== undefined){
let data19 = data15.repomd_sha256;
const _errs41 = errors;
if(errors === _errs41){
if(typeof data19 === "string"){
if(!pattern15.test(data19)){
validate20.errors = [{instancePath:instancePath+"/repositories/" + i3+"/repomd_sha256",schemaPath:"#/properties/repositories/items/properties/repomd_sha256/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{64}$"},message:"must match pattern \""+"^[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/repositories/" + i3+"/repomd_sha256",schemaPath:"#/properties/repositories/items/properties/repomd_sha256/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid8 = _errs41 === errors;
}
else {
var valid8 = true;
}
if(valid8){
if(data15.gpgkey_fingerprints !== undefined){
let data20 = data15.gpgkey_fingerprints;
const _errs43 = errors;
if(errors === _errs43){
if(Array.isArray(data20)){
var valid9 = true;
const len4 = data20.length;
for(let i4=0; i4<len4; i4++){
let data21 = data20[i4];
const _errs45 = errors;
if(errors === _errs45){
if(typeof data21 === "string"){
if(!pattern16.test(data21)){
validate20.errors = [{instancePath:instancePath+"/repositories/" + i3+"/gpgkey_fingerprints/" + i4,schemaPath:"#/properties/repositories/items/properties/gpgkey_fingerprints/items/pattern",keyword:"pattern",params:{pattern: "^[0-9A-F]{32,64}$"},message:"must match pattern \""+"^[0-9A-F]{32,64}$"+"\""}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/repositories/" + i3+"/gpgkey_fingerprints/" + i4,schemaPath:"#/properties/repositories/items/properties/gpgkey_fingerprints/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid9 = _errs45 === errors;
if(!valid9){
break;
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/repositories/" + i3+"/gpgkey_fingerprints",schemaPath:"#/properties/repositories/items/properties/gpgkey_fingerprints/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid8 = _errs43 === errors;
}
else {
var valid8 = true;
}
}
}
}
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/repositories/" + i3,schemaPath:"#/properties/repositories/items/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid7 = _errs33 === errors;
if(!valid7){
break;
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/repositories",schemaPath:"#/properties/repositories/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid2 = _errs31 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data.packages !== undefined){
let data22 = data.packages;
const _errs47 = errors;
if(errors === _errs47){
if(Array.isArray(data22)){
var valid10 = true;
const len5 = data22.length;
for(let i5=0; i5<len5; i5++){
let data23 = data22[i5];
const _errs49 = errors;
if(errors === _errs49){
if(data23 && typeof data23 == "object" && !Array.isArray(data23)){
let missing3;
if((((((((data23.name === undefined) && (missing3 = "name")) || ((data23.epoch === undefined) && (missing3 = "epoch"))) || ((data23.version === undefined) && (missing3 = "version"))) || ((data23.release === undefined) && (missing3 = "release"))) || ((data23.arch === undefined) && (missing3 = "arch"))) || ((data23.sha256 === undefined) && (missing3 = "sha256"))) || ((data23.filename === undefined) && (missing3 = "filename"))){
validate20.errors = [{instancePath:instancePath+"/packages/" + i5,schemaPath:"#/properties/packages/items/required",keyword:"required",params:{missingProperty: missing3},message:"must have required property '"+missing3+"'"}];
return false;
}
else {
if(data23.name !== undefined){
let data24 = data23.name;
const _errs51 = errors;
if(errors === _errs51){
if(typeof data24 === "string"){
if(!pattern17.test(data24)){
validate20.errors = [{instancePath:instancePath+"/packages/" + i5+"/name",schemaPath:"#/properties/packages/items/properties/name/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_+~^%{][A-Za-z0-9._+~^%{}()-]*$"},message:"must match pattern \""+"^[A-Za-z0-9_+~^%{][A-Za-z0-9._+~^%{}()-]*$"+"\""}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/packages/" + i5+"/name",schemaPath:"#/properties/packages/items/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid11 = _errs51 === errors;
}
else {
var valid11 = true;
}
if(valid11){
if(data23.epoch !== undefined){
let data25 = data23.epoch;
const _errs53 = errors;
if(errors === _errs53){
if(typeof data25 === "string"){
if(!pattern18.test(data25)){
validate20.errors = [{instancePath:instancePath+"/packages/" + i5+"/epoch",schemaPath:"#/properties/packages/items/properties/epoch/pattern",keyword:"pattern",params:{pattern: "^[0-9]{1,10}$"},message:"must match pattern \""+"^[0-9]{1,10}$"+"\""}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/packages/" + i5+"/epoch",schemaPath:"#/properties/packages/items/properties/epoch/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid11 = _errs53 === errors;
}
else {
var valid11 = true;
}
if(valid11){
if(data23.version !== undefined){
let data26 = data23.version;
const _errs55 = errors;
if(errors === _errs55){
if(typeof data26 === "string"){
if(!pattern17.test(data26)){
validate20.errors = [{instancePath:instancePath+"/packages/" + i5+"/version",schemaPath:"#/properties/packages/items/properties/version/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_+~^%{][A-Za-z0-9._+~^%{}()-]*$"},message:"must match pattern \""+"^[A-Za-z0-9_+~^%{][A-Za-z0-9._+~^%{}()-]*$"+"\""}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/packages/" + i5+"/version",schemaPath:"#/properties/packages/items/properties/version/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid11 = _errs55 === errors;
}
else {
var valid11 = true;
}
if(valid11){
if(data23.release !== undefined){
let data27 = data23.release;
const _errs57 = errors;
if(errors === _errs57){
if(typeof data27 === "string"){
if(!pattern17.test(data27)){
validate20.errors = [{instancePath:instancePath+"/packages/" + i5+"/release",schemaPath:"#/properties/packages/items/properties/release/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_+~^%{][A-Za-z0-9._+~^%{}()-]*$"},message:"must match pattern \""+"^[A-Za-z0-9_+~^%{][A-Za-z0-9._+~^%{}()-]*$"+"\""}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/packages/" + i5+"/release",schemaPath:"#/properties/packages/items/properties/release/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid11 = _errs57 === errors;
}
else {
var valid11 = true;
}
if(valid11){
if(data23.arch !== undefined){
let data28 = data23.arch;
const _errs59 = errors;
if(errors === _errs59){
if(typeof data28 === "string"){
if(!pattern4.test(data28)){
validate20.errors = [{instancePath:instancePath+"/packages/" + i5+"/arch",schemaPath:"#/properties/packages/items/properties/arch/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_]+$"},message:"must match pattern \""+"^[A-Za-z0-9_]+$"+"\""}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/packages/" + i5+"/arch",schemaPath:"#/properties/packages/items/properties/arch/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid11 = _errs59 === errors;
}
else {
var valid11 = true;
}
if(valid11){
if(data23.sha256 !== undefined){
let data29 = data23.sha256;
const _errs61 = errors;
if(errors === _errs61){
if(typeof data29 === "string"){
if(!pattern15.test(data29)){
validate20.errors = [{instancePath:instancePath+"/packages/" + i5+"/sha256",schemaPath:"#/properties/packages/items/properties/sha256/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{64}$"},message:"must match pattern \""+"^[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/packages/" + i5+"/sha256",schemaPath:"#/properties/packages/items/properties/sha256/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid11 = _errs61 === errors;
}
else {
var valid11 = true;
}
if(valid11){
if(data23.filename !== undefined){
let data30 = data23.filename;
const _errs63 = errors;
if(errors === _errs63){
if(typeof data30 === "string"){
if(!pattern23.test(data30)){
validate20.errors = [{instancePath:instancePath+"/packages/" + i5+"/filename",schemaPath:"#/properties/packages/items/properties/filename/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_+~^%{][A-Za-z0-9._+~^%{}()@:-]*\\.rpm$"},message:"must match pattern \""+"^[A-Za-z0-9_+~^%{][A-Za-z0-9._+~^%{}()@:-]*\\.rpm$"+"\""}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/packages/" + i5+"/filename",schemaPath:"#/properties/packages/items/properties/filename/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid11 = _errs63 === errors;
}
else {
var valid11 = true;
}
if(valid11){
if(data23.repository !== undefined){
let data31 = data23.repository;
const _errs65 = errors;
if(errors === _errs65){
if(typeof data31 === "string"){
if(!pattern9.test(data31)){
validate20.errors = [{instancePath:instancePath+"/packages/" + i5+"/repository",schemaPath:"#/properties/packages/items/properties/repository/pattern",keyword:"pattern",params:{pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]+$"},message:"must match pattern \""+"^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]+$"+"\""}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/packages/" + i5+"/repository",schemaPath:"#/properties/packages/items/properties/repository/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid11 = _errs65 === errors;
}
else {
var valid11 = true;
}
if(valid11){
if(data23.location !== undefined){
let data32 = data23.location;
const _errs67 = errors;
if(errors === _errs67){
if(typeof data32 === "string"){
if(!pattern25.test(data32)){
validate20.errors = [{instancePath:instancePath+"/packages/" + i5+"/location",schemaPath:"#/properties/packages/items/properties/location/pattern",keyword:"pattern",params:{pattern: "^(?!/)(?!.*(?:^|/)\\.\\.?(?:/|$))(?![A-Za-z][A-Za-z0-9+.-]*:)[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff\\\\]+$"},message:"must match pattern \""+"^(?!/)(?!.*(?:^|/)\\.\\.?(?:/|$))(?![A-Za-z][A-Za-z0-9+.-]*:)[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff\\\\]+$"+"\""}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/packages/" + i5+"/location",schemaPath:"#/properties/packages/items/properties/location/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid11 = _errs67 === errors;
}
else {
var valid11 = true;
}
if(valid11){
if(data23.size !== undefined){
let data33 = data23.size;
const _errs69 = errors;
if(!(((typeof data33 == "number") && (!(data33 % 1) && !isNaN(data33))) && (isFinite(data33)))){
validate20.errors = [{instancePath:instancePath+"/packages/" + i5+"/size",schemaPath:"#/properties/packages/items/properties/size/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs69){
if((typeof data33 == "number") && (isFinite(data33))){
if(data33 < 0 || isNaN(data33)){
validate20.errors = [{instancePath:instancePath+"/packages/" + i5+"/size",schemaPath:"#/properties/packages/items/properties/size/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid11 = _errs69 === errors;
}
else {
var valid11 = true;
}
if(valid11){
if(data23.source !== undefined){
let data34 = data23.source;
const _errs71 = errors;
if(errors === _errs71){
if(typeof data34 === "string"){
if(!pattern7.test(data34)){
validate20.errors = [{instancePath:instancePath+"/packages/" + i5+"/source",schemaPath:"#/properties/packages/items/properties/source/pattern",keyword:"pattern",params:{pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]*$"},message:"must match pattern \""+"^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]*$"+"\""}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/packages/" + i5+"/source",schemaPath:"#/properties/packages/items/properties/source/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid11 = _errs71 === errors;
}
else {
var valid11 = true;
}
if(valid11){
if(data23.dependencies !== undefined){
let data35 = data23.dependencies;
const _errs73 = errors;
if(errors === _errs73){
if(Array.isArray(data35)){
var valid12 = true;
const len6 = data35.length;
for(let i6=0; i6<len6; i6++){
let data36 = data35[i6];
const _errs75 = errors;
if(errors === _errs75){
if(typeof data36 === "string"){
if(!pattern9.test(data36)){
validate20.errors = [{instancePath:instancePath+"/packages/" + i5+"/dependencies/" + i6,schemaPath:"#/properties/packages/items/properties/dependencies/items/pattern",keyword:"pattern",params:{pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]+$"},message:"must match pattern \""+"^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]+$"+"\""}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/packages/" + i5+"/dependencies/" + i6,schemaPath:"#/properties/packages/items/properties/dependencies/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid12 = _errs75 === errors;
if(!valid12){
break;
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/packages/" + i5+"/dependencies",schemaPath:"#/properties/packages/items/properties/dependencies/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid11 = _errs73 === errors;
}
else {
var valid11 = true;
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
validate20.errors = [{instancePath:instancePath+"/packages/" + i5,schemaPath:"#/properties/packages/items/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid10 = _errs49 === errors;
if(!valid10){
break;
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/packages",schemaPath:"#/properties/packages/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid2 = _errs47 === errors;
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
}
else {
validate20.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate20.errors = vErrors;
return errors === 0;
}
validate20.evaluated = {"props":{"schema_version":true,"architecture":true,"package_set":true,"generated":true,"generator":true,"manifest_digest":true,"requested":true,"answered_by":true,"ignored":true,"repositories":true,"packages":true},"dynamicProps":false,"dynamicItems":false};
