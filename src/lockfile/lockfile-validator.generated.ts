// @ts-nocheck
// biome-ignore-all format: generated
// biome-ignore-all lint: generated
// Made from the schema beside this file by `npm run schemas`. Do not edit.
export const validate: { (data: unknown): boolean; errors?: unknown[] | null } = validate20;

const schema31 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"lockfile.schema.json","title":"rpm-deps lockfile (rpm-lockfiles/<set>-<arch>.lock.json)","type":"object","properties":{"schema_version":{"enum":["1.0","1.1"]},"architecture":{"type":"string","pattern":"^[A-Za-z0-9_]+$"},"package_set":{"type":"string","pattern":"^[A-Za-z0-9_][A-Za-z0-9._+-]*$"},"generated":{"type":"string","pattern":"^[0-9TZ:.+-]*$","description":"Newest timestamp in the metadata used, ISO 8601"},"generator":{"type":"string","pattern":"^[^\\u0000-\\u001f\\u007f]*$"},"manifest_digest":{"type":"string","pattern":"^sha256:[0-9a-f]{64}$"},"requested":{"type":"array","items":{"type":"string","pattern":"^[^\\u0000-\\u001f\\u007f]+$"}},"ignored":{"type":"array","items":{"type":"string","pattern":"^[^\\u0000-\\u001f\\u007f]+$"}},"repositories":{"type":"array","items":{"type":"object","properties":{"id":{"type":"string","pattern":"^[^\\u0000-\\u001f\\u007f]+$"},"baseurl":{"type":"string","pattern":"^[^\\u0000-\\u001f\\u007f]*$"},"revision":{"type":"string","pattern":"^[^\\u0000-\\u001f\\u007f]*$"},"repomd_sha256":{"type":"string","pattern":"^[0-9a-f]{64}$"},"gpgkey_fingerprints":{"type":"array","items":{"type":"string","pattern":"^[0-9A-F]{32,64}$"}}},"required":["id","baseurl","revision","repomd_sha256"]}},"packages":{"type":"array","items":{"type":"object","properties":{"name":{"type":"string","pattern":"^[A-Za-z0-9_+~^%{][A-Za-z0-9._+~^%{}()-]*$"},"epoch":{"type":"string","pattern":"^[0-9]{1,10}$"},"version":{"type":"string","pattern":"^[A-Za-z0-9_+~^%{][A-Za-z0-9._+~^%{}()-]*$"},"release":{"type":"string","pattern":"^[A-Za-z0-9_+~^%{][A-Za-z0-9._+~^%{}()-]*$"},"arch":{"type":"string","pattern":"^[A-Za-z0-9_]+$"},"sha256":{"type":"string","pattern":"^[0-9a-f]{64}$"},"filename":{"type":"string","pattern":"^[A-Za-z0-9_+~^%{][A-Za-z0-9._+~^%{}()@:-]*\\.rpm$"},"repository":{"type":"string","pattern":"^[^\\u0000-\\u001f\\u007f]+$"},"location":{"type":"string","pattern":"^(?!/)(?!.*(?:^|/)\\.\\.?(?:/|$))(?![A-Za-z][A-Za-z0-9+.-]*:)[^\\u0000-\\u001f\\u007f\\\\]+$"},"size":{"type":"integer","minimum":0},"source":{"type":"string","pattern":"^[^\\u0000-\\u001f\\u007f]*$"},"dependencies":{"type":"array","items":{"type":"string","pattern":"^[^\\u0000-\\u001f\\u007f]+$"}}},"required":["name","epoch","version","release","arch","sha256","filename"]}}},"required":["schema_version","architecture","package_set","packages"],"if":{"properties":{"schema_version":{"const":"1.1"}}},"then":{"required":["generated","generator","manifest_digest","requested","ignored","repositories"]}};
const pattern4 = new RegExp("^[A-Za-z0-9_]+$", "u");
const pattern5 = new RegExp("^[A-Za-z0-9_][A-Za-z0-9._+-]*$", "u");
const pattern6 = new RegExp("^[0-9TZ:.+-]*$", "u");
const pattern7 = new RegExp("^[^\\u0000-\\u001f\\u007f]*$", "u");
const pattern8 = new RegExp("^sha256:[0-9a-f]{64}$", "u");
const pattern9 = new RegExp("^[^\\u0000-\\u001f\\u007f]+$", "u");
const pattern14 = new RegExp("^[0-9a-f]{64}$", "u");
const pattern15 = new RegExp("^[0-9A-F]{32,64}$", "u");
const pattern16 = new RegExp("^[A-Za-z0-9_+~^%{][A-Za-z0-9._+~^%{}()-]*$", "u");
const pattern17 = new RegExp("^[0-9]{1,10}$", "u");
const pattern22 = new RegExp("^[A-Za-z0-9_+~^%{][A-Za-z0-9._+~^%{}()@:-]*\\.rpm$", "u");
const pattern24 = new RegExp("^(?!/)(?!.*(?:^|/)\\.\\.?(?:/|$))(?![A-Za-z][A-Za-z0-9+.-]*:)[^\\u0000-\\u001f\\u007f\\\\]+$", "u");

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
if(data.generated === undefined){
const err1 = {instancePath,schemaPath:"#/then/required",keyword:"required",params:{missingProperty: "generated"},message:"must have required property '"+"generated"+"'"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data.generator === undefined){
const err2 = {instancePath,schemaPath:"#/then/required",keyword:"required",params:{missingProperty: "generator"},message:"must have required property '"+"generator"+"'"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data.manifest_digest === undefined){
const err3 = {instancePath,schemaPath:"#/then/required",keyword:"required",params:{missingProperty: "manifest_digest"},message:"must have required property '"+"manifest_digest"+"'"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(data.requested === undefined){
const err4 = {instancePath,schemaPath:"#/then/required",keyword:"required",params:{missingProperty: "requested"},message:"must have required property '"+"requested"+"'"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(data.ignored === undefined){
const err5 = {instancePath,schemaPath:"#/then/required",keyword:"required",params:{missingProperty: "ignored"},message:"must have required property '"+"ignored"+"'"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if(data.repositories === undefined){
const err6 = {instancePath,schemaPath:"#/then/required",keyword:"required",params:{missingProperty: "repositories"},message:"must have required property '"+"repositories"+"'"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
var _valid0 = _errs4 === errors;
valid0 = _valid0;
}
if(!valid0){
const err7 = {instancePath,schemaPath:"#/if",keyword:"if",params:{failingKeyword: "then"},message:"must match \"then\" schema"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.schema_version === undefined){
const err8 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "schema_version"},message:"must have required property '"+"schema_version"+"'"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
if(data.architecture === undefined){
const err9 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "architecture"},message:"must have required property '"+"architecture"+"'"};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if(data.package_set === undefined){
const err10 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "package_set"},message:"must have required property '"+"package_set"+"'"};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
if(data.packages === undefined){
const err11 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "packages"},message:"must have required property '"+"packages"+"'"};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
if(data.schema_version !== undefined){
let data1 = data.schema_version;
if(!((data1 === "1.0") || (data1 === "1.1"))){
const err12 = {instancePath:instancePath+"/schema_version",schemaPath:"#/properties/schema_version/enum",keyword:"enum",params:{allowedValues: schema31.properties.schema_version.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
if(data.architecture !== undefined){
let data2 = data.architecture;
if(typeof data2 === "string"){
if(!pattern4.test(data2)){
const err13 = {instancePath:instancePath+"/architecture",schemaPath:"#/properties/architecture/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_]+$"},message:"must match pattern \""+"^[A-Za-z0-9_]+$"+"\""};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
else {
const err14 = {instancePath:instancePath+"/architecture",schemaPath:"#/properties/architecture/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data.package_set !== undefined){
let data3 = data.package_set;
if(typeof data3 === "string"){
if(!pattern5.test(data3)){
const err15 = {instancePath:instancePath+"/package_set",schemaPath:"#/properties/package_set/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_][A-Za-z0-9._+-]*$"},message:"must match pattern \""+"^[A-Za-z0-9_][A-Za-z0-9._+-]*$"+"\""};
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
const err16 = {instancePath:instancePath+"/package_set",schemaPath:"#/properties/package_set/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
if(data.generated !== undefined){
let data4 = data.generated;
if(typeof data4 === "string"){
if(!pattern6.test(data4)){
const err17 = {instancePath:instancePath+"/generated",schemaPath:"#/properties/generated/pattern",keyword:"pattern",params:{pattern: "^[0-9TZ:.+-]*$"},message:"must match pattern \""+"^[0-9TZ:.+-]*$"+"\""};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
else {
const err18 = {instancePath:instancePath+"/generated",schemaPath:"#/properties/generated/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
if(data.generator !== undefined){
let data5 = data.generator;
if(typeof data5 === "string"){
if(!pattern7.test(data5)){
const err19 = {instancePath:instancePath+"/generator",schemaPath:"#/properties/generator/pattern",keyword:"pattern",params:{pattern: "^[^\\u0000-\\u001f\\u007f]*$"},message:"must match pattern \""+"^[^\\u0000-\\u001f\\u007f]*$"+"\""};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
else {
const err20 = {instancePath:instancePath+"/generator",schemaPath:"#/properties/generator/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
if(data.manifest_digest !== undefined){
let data6 = data.manifest_digest;
if(typeof data6 === "string"){
if(!pattern8.test(data6)){
const err21 = {instancePath:instancePath+"/manifest_digest",schemaPath:"#/properties/manifest_digest/pattern",keyword:"pattern",params:{pattern: "^sha256:[0-9a-f]{64}$"},message:"must match pattern \""+"^sha256:[0-9a-f]{64}$"+"\""};
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
const err22 = {instancePath:instancePath+"/manifest_digest",schemaPath:"#/properties/manifest_digest/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
if(data.requested !== undefined){
let data7 = data.requested;
if(Array.isArray(data7)){
const len0 = data7.length;
for(let i0=0; i0<len0; i0++){
let data8 = data7[i0];
if(typeof data8 === "string"){
if(!pattern9.test(data8)){
const err23 = {instancePath:instancePath+"/requested/" + i0,schemaPath:"#/properties/requested/items/pattern",keyword:"pattern",params:{pattern: "^[^\\u0000-\\u001f\\u007f]+$"},message:"must match pattern \""+"^[^\\u0000-\\u001f\\u007f]+$"+"\""};
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
const err24 = {instancePath:instancePath+"/requested/" + i0,schemaPath:"#/properties/requested/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
}
else {
const err25 = {instancePath:instancePath+"/requested",schemaPath:"#/properties/requested/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
if(data.ignored !== undefined){
let data9 = data.ignored;
if(Array.isArray(data9)){
const len1 = data9.length;
for(let i1=0; i1<len1; i1++){
let data10 = data9[i1];
if(typeof data10 === "string"){
if(!pattern9.test(data10)){
const err26 = {instancePath:instancePath+"/ignored/" + i1,schemaPath:"#/properties/ignored/items/pattern",keyword:"pattern",params:{pattern: "^[^\\u0000-\\u001f\\u007f]+$"},message:"must match pattern \""+"^[^\\u0000-\\u001f\\u007f]+$"+"\""};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
else {
const err27 = {instancePath:instancePath+"/ignored/" + i1,schemaPath:"#/properties/ignored/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
}
else {
const err28 = {instancePath:instancePath+"/ignored",schemaPath:"#/properties/ignored/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
if(data.repositories !== undefined){
let data11 = data.repositories;
if(Array.isArray(data11)){
const len2 = data11.length;
for(let i2=0; i2<len2; i2++){
let data12 = data11[i2];
if(data12 && typeof data12 == "object" && !Array.isArray(data12)){
if(data12.id === undefined){
const err29 = {instancePath:instancePath+"/repositories/" + i2,schemaPath:"#/properties/repositories/items/required",keyword:"required",params:{missingProperty: "id"},message:"must have required property '"+"id"+"'"};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
if(data12.baseurl === undefined){
const err30 = {instancePath:instancePath+"/repositories/" + i2,schemaPath:"#/properties/repositories/items/required",keyword:"required",params:{missingProperty: "baseurl"},message:"must have required property '"+"baseurl"+"'"};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
if(data12.revision === undefined){
const err31 = {instancePath:instancePath+"/repositories/" + i2,schemaPath:"#/properties/repositories/items/required",keyword:"required",params:{missingProperty: "revision"},message:"must have required property '"+"revision"+"'"};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
if(data12.repomd_sha256 === undefined){
const err32 = {instancePath:instancePath+"/repositories/" + i2,schemaPath:"#/properties/repositories/items/required",keyword:"required",params:{missingProperty: "repomd_sha256"},message:"must have required property '"+"repomd_sha256"+"'"};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
if(data12.id !== undefined){
let data13 = data12.id;
if(typeof data13 === "string"){
if(!pattern9.test(data13)){
const err33 = {instancePath:instancePath+"/repositories/" + i2+"/id",schemaPath:"#/properties/repositories/items/properties/id/pattern",keyword:"pattern",params:{pattern: "^[^\\u0000-\\u001f\\u007f]+$"},message:"must match pattern \""+"^[^\\u0000-\\u001f\\u007f]+$"+"\""};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
}
else {
const err34 = {instancePath:instancePath+"/repositories/" + i2+"/id",schemaPath:"#/properties/repositories/items/properties/id/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
}
if(data12.baseurl !== undefined){
let data14 = data12.baseurl;
if(typeof data14 === "string"){
if(!pattern7.test(data14)){
const err35 = {instancePath:instancePath+"/repositories/" + i2+"/baseurl",schemaPath:"#/properties/repositories/items/properties/baseurl/pattern",keyword:"pattern",params:{pattern: "^[^\\u0000-\\u001f\\u007f]*$"},message:"must match pattern \""+"^[^\\u0000-\\u001f\\u007f]*$"+"\""};
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
const err36 = {instancePath:instancePath+"/repositories/" + i2+"/baseurl",schemaPath:"#/properties/repositories/items/properties/baseurl/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
}
if(data12.revision !== undefined){
let data15 = data12.revision;
if(typeof data15 === "string"){
if(!pattern7.test(data15)){
const err37 = {instancePath:instancePath+"/repositories/" + i2+"/revision",schemaPath:"#/properties/repositories/items/properties/revision/pattern",keyword:"pattern",params:{pattern: "^[^\\u0000-\\u001f\\u007f]*$"},message:"must match pattern \""+"^[^\\u0000-\\u001f\\u007f]*$"+"\""};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
}
else {
const err38 = {instancePath:instancePath+"/repositories/" + i2+"/revision",schemaPath:"#/properties/repositories/items/properties/revision/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
}
if(data12.repomd_sha256 !== undefined){
let data16 = data12.repomd_sha256;
if(typeof data16 === "string"){
if(!pattern14.test(data16)){
const err39 = {instancePath:instancePath+"/repositories/" + i2+"/repomd_sha256",schemaPath:"#/properties/repositories/items/properties/repomd_sha256/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{64}$"},message:"must match pattern \""+"^[0-9a-f]{64}$"+"\""};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
}
else {
const err40 = {instancePath:instancePath+"/repositories/" + i2+"/repomd_sha256",schemaPath:"#/properties/repositories/items/properties/repomd_sha256/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
}
if(data12.gpgkey_fingerprints !== undefined){
let data17 = data12.gpgkey_fingerprints;
if(Array.isArray(data17)){
const len3 = data17.length;
for(let i3=0; i3<len3; i3++){
let data18 = data17[i3];
if(typeof data18 === "string"){
if(!pattern15.test(data18)){
const err41 = {instancePath:instancePath+"/repositories/" + i2+"/gpgkey_fingerprints/" + i3,schemaPath:"#/properties/repositories/items/properties/gpgkey_fingerprints/items/pattern",keyword:"pattern",params:{pattern: "^[0-9A-F]{32,64}$"},message:"must match pattern \""+"^[0-9A-F]{32,64}$"+"\""};
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
const err42 = {instancePath:instancePath+"/repositories/" + i2+"/gpgkey_fingerprints/" + i3,schemaPath:"#/properties/repositories/items/properties/gpgkey_fingerprints/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
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
const err43 = {instancePath:instancePath+"/repositories/" + i2+"/gpgkey_fingerprints",schemaPath:"#/properties/repositories/items/properties/gpgkey_fingerprints/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
}
}
else {
const err44 = {instancePath:instancePath+"/repositories/" + i2,schemaPath:"#/properties/repositories/items/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
}
}
else {
const err45 = {instancePath:instancePath+"/repositories",schemaPath:"#/properties/repositories/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
}
if(data.packages !== undefined){
let data19 = data.packages;
if(Array.isArray(data19)){
const len4 = data19.length;
for(let i4=0; i4<len4; i4++){
let data20 = data19[i4];
if(data20 && typeof data20 == "object" && !Array.isArray(data20)){
if(data20.name === undefined){
const err46 = {instancePath:instancePath+"/packages/" + i4,schemaPath:"#/properties/packages/items/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'"};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
if(data20.epoch === undefined){
const err47 = {instancePath:instancePath+"/packages/" + i4,schemaPath:"#/properties/packages/items/required",keyword:"required",params:{missingProperty: "epoch"},message:"must have required property '"+"epoch"+"'"};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
if(data20.version === undefined){
const err48 = {instancePath:instancePath+"/packages/" + i4,schemaPath:"#/properties/packages/items/required",keyword:"required",params:{missingProperty: "version"},message:"must have required property '"+"version"+"'"};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
if(data20.release === undefined){
const err49 = {instancePath:instancePath+"/packages/" + i4,schemaPath:"#/properties/packages/items/required",keyword:"required",params:{missingProperty: "release"},message:"must have required property '"+"release"+"'"};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
if(data20.arch === undefined){
const err50 = {instancePath:instancePath+"/packages/" + i4,schemaPath:"#/properties/packages/items/required",keyword:"required",params:{missingProperty: "arch"},message:"must have required property '"+"arch"+"'"};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
if(data20.sha256 === undefined){
const err51 = {instancePath:instancePath+"/packages/" + i4,schemaPath:"#/properties/packages/items/required",keyword:"required",params:{missingProperty: "sha256"},message:"must have required property '"+"sha256"+"'"};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
if(data20.filename === undefined){
const err52 = {instancePath:instancePath+"/packages/" + i4,schemaPath:"#/properties/packages/items/required",keyword:"required",params:{missingProperty: "filename"},message:"must have required property '"+"filename"+"'"};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
if(data20.name !== undefined){
let data21 = data20.name;
if(typeof data21 === "string"){
if(!pattern16.test(data21)){
const err53 = {instancePath:instancePath+"/packages/" + i4+"/name",schemaPath:"#/properties/packages/items/properties/name/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_+~^%{][A-Za-z0-9._+~^%{}()-]*$"},message:"must match pattern \""+"^[A-Za-z0-9_+~^%{][A-Za-z0-9._+~^%{}()-]*$"+"\""};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
}
else {
const err54 = {instancePath:instancePath+"/packages/" + i4+"/name",schemaPath:"#/properties/packages/items/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
}
if(data20.epoch !== undefined){
let data22 = data20.epoch;
if(typeof data22 === "string"){
if(!pattern17.test(data22)){
const err55 = {instancePath:instancePath+"/packages/" + i4+"/epoch",schemaPath:"#/properties/packages/items/properties/epoch/pattern",keyword:"pattern",params:{pattern: "^[0-9]{1,10}$"},message:"must match pattern \""+"^[0-9]{1,10}$"+"\""};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
}
else {
const err56 = {instancePath:instancePath+"/packages/" + i4+"/epoch",schemaPath:"#/properties/packages/items/properties/epoch/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
}
if(data20.version !== undefined){
let data23 = data20.version;
if(typeof data23 === "string"){
if(!pattern16.test(data23)){
const err57 = {instancePath:instancePath+"/packages/" + i4+"/version",schemaPath:"#/properties/packages/items/properties/version/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_+~^%{][A-Za-z0-9._+~^%{}()-]*$"},message:"must match pattern \""+"^[A-Za-z0-9_+~^%{][A-Za-z0-9._+~^%{}()-]*$"+"\""};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
}
}
else {
const err58 = {instancePath:instancePath+"/packages/" + i4+"/version",schemaPath:"#/properties/packages/items/properties/version/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
}
if(data20.release !== undefined){
let data24 = data20.release;
if(typeof data24 === "string"){
if(!pattern16.test(data24)){
const err59 = {instancePath:instancePath+"/packages/" + i4+"/release",schemaPath:"#/properties/packages/items/properties/release/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_+~^%{][A-Za-z0-9._+~^%{}()-]*$"},message:"must match pattern \""+"^[A-Za-z0-9_+~^%{][A-Za-z0-9._+~^%{}()-]*$"+"\""};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
}
else {
const err60 = {instancePath:instancePath+"/packages/" + i4+"/release",schemaPath:"#/properties/packages/items/properties/release/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
}
if(data20.arch !== undefined){
let data25 = data20.arch;
if(typeof data25 === "string"){
if(!pattern4.test(data25)){
const err61 = {instancePath:instancePath+"/packages/" + i4+"/arch",schemaPath:"#/properties/packages/items/properties/arch/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_]+$"},message:"must match pattern \""+"^[A-Za-z0-9_]+$"+"\""};
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
const err62 = {instancePath:instancePath+"/packages/" + i4+"/arch",schemaPath:"#/properties/packages/items/properties/arch/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
}
if(data20.sha256 !== undefined){
let data26 = data20.sha256;
if(typeof data26 === "string"){
if(!pattern14.test(data26)){
const err63 = {instancePath:instancePath+"/packages/" + i4+"/sha256",schemaPath:"#/properties/packages/items/properties/sha256/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{64}$"},message:"must match pattern \""+"^[0-9a-f]{64}$"+"\""};
if(vErrors === null){
vErrors = [err63];
}
else {
vErrors.push(err63);
}
errors++;
}
}
else {
const err64 = {instancePath:instancePath+"/packages/" + i4+"/sha256",schemaPath:"#/properties/packages/items/properties/sha256/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err64];
}
else {
vErrors.push(err64);
}
errors++;
}
}
if(data20.filename !== undefined){
let data27 = data20.filename;
if(typeof data27 === "string"){
if(!pattern22.test(data27)){
const err65 = {instancePath:instancePath+"/packages/" + i4+"/filename",schemaPath:"#/properties/packages/items/properties/filename/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_+~^%{][A-Za-z0-9._+~^%{}()@:-]*\\.rpm$"},message:"must match pattern \""+"^[A-Za-z0-9_+~^%{][A-Za-z0-9._+~^%{}()@:-]*\\.rpm$"+"\""};
if(vErrors === null){
vErrors = [err65];
}
else {
vErrors.push(err65);
}
errors++;
}
}
else {
const err66 = {instancePath:instancePath+"/packages/" + i4+"/filename",schemaPath:"#/properties/packages/items/properties/filename/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err66];
}
else {
vErrors.push(err66);
}
errors++;
}
}
if(data20.repository !== undefined){
let data28 = data20.repository;
if(typeof data28 === "string"){
if(!pattern9.test(data28)){
const err67 = {instancePath:instancePath+"/packages/" + i4+"/repository",schemaPath:"#/properties/packages/items/properties/repository/pattern",keyword:"pattern",params:{pattern: "^[^\\u0000-\\u001f\\u007f]+$"},message:"must match pattern \""+"^[^\\u0000-\\u001f\\u007f]+$"+"\""};
if(vErrors === null){
vErrors = [err67];
}
else {
vErrors.push(err67);
}
errors++;
}
}
else {
const err68 = {instancePath:instancePath+"/packages/" + i4+"/repository",schemaPath:"#/properties/packages/items/properties/repository/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err68];
}
else {
vErrors.push(err68);
}
errors++;
}
}
if(data20.location !== undefined){
let data29 = data20.location;
if(typeof data29 === "string"){
if(!pattern24.test(data29)){
const err69 = {instancePath:instancePath+"/packages/" + i4+"/location",schemaPath:"#/properties/packages/items/properties/location/pattern",keyword:"pattern",params:{pattern: "^(?!/)(?!.*(?:^|/)\\.\\.?(?:/|$))(?![A-Za-z][A-Za-z0-9+.-]*:)[^\\u0000-\\u001f\\u007f\\\\]+$"},message:"must match pattern \""+"^(?!/)(?!.*(?:^|/)\\.\\.?(?:/|$))(?![A-Za-z][A-Za-z0-9+.-]*:)[^\\u0000-\\u001f\\u007f\\\\]+$"+"\""};
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
const err70 = {instancePath:instancePath+"/packages/" + i4+"/location",schemaPath:"#/properties/packages/items/properties/location/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err70];
}
else {
vErrors.push(err70);
}
errors++;
}
}
if(data20.size !== undefined){
let data30 = data20.size;
if(!(((typeof data30 == "number") && (!(data30 % 1) && !isNaN(data30))) && (isFinite(data30)))){
const err71 = {instancePath:instancePath+"/packages/" + i4+"/size",schemaPath:"#/properties/packages/items/properties/size/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err71];
}
else {
vErrors.push(err71);
}
errors++;
}
if((typeof data30 == "number") && (isFinite(data30))){
if(data30 < 0 || isNaN(data30)){
const err72 = {instancePath:instancePath+"/packages/" + i4+"/size",schemaPath:"#/properties/packages/items/properties/size/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err72];
}
else {
vErrors.push(err72);
}
errors++;
}
}
}
if(data20.source !== undefined){
let data31 = data20.source;
if(typeof data31 === "string"){
if(!pattern7.test(data31)){
const err73 = {instancePath:instancePath+"/packages/" + i4+"/source",schemaPath:"#/properties/packages/items/properties/source/pattern",keyword:"pattern",params:{pattern: "^[^\\u0000-\\u001f\\u007f]*$"},message:"must match pattern \""+"^[^\\u0000-\\u001f\\u007f]*$"+"\""};
if(vErrors === null){
vErrors = [err73];
}
else {
vErrors.push(err73);
}
errors++;
}
}
else {
const err74 = {instancePath:instancePath+"/packages/" + i4+"/source",schemaPath:"#/properties/packages/items/properties/source/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err74];
}
else {
vErrors.push(err74);
}
errors++;
}
}
if(data20.dependencies !== undefined){
let data32 = data20.dependencies;
if(Array.isArray(data32)){
const len5 = data32.length;
for(let i5=0; i5<len5; i5++){
let data33 = data32[i5];
if(typeof data33 === "string"){
if(!pattern9.test(data33)){
const err75 = {instancePath:instancePath+"/packages/" + i4+"/dependencies/" + i5,schemaPath:"#/properties/packages/items/properties/dependencies/items/pattern",keyword:"pattern",params:{pattern: "^[^\\u0000-\\u001f\\u007f]+$"},message:"must match pattern \""+"^[^\\u0000-\\u001f\\u007f]+$"+"\""};
if(vErrors === null){
vErrors = [err75];
}
else {
vErrors.push(err75);
}
errors++;
}
}
else {
const err76 = {instancePath:instancePath+"/packages/" + i4+"/dependencies/" + i5,schemaPath:"#/properties/packages/items/properties/dependencies/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err76];
}
else {
vErrors.push(err76);
}
errors++;
}
}
}
else {
const err77 = {instancePath:instancePath+"/packages/" + i4+"/dependencies",schemaPath:"#/properties/packages/items/properties/dependencies/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err77];
}
else {
vErrors.push(err77);
}
errors++;
}
}
}
else {
const err78 = {instancePath:instancePath+"/packages/" + i4,schemaPath:"#/properties/packages/items/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err78];
}
else {
vErrors.push(err78);
}
errors++;
}
}
}
else {
const err79 = {instancePath:instancePath+"/packages",schemaPath:"#/properties/packages/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err79];
}
else {
vErrors.push(err79);
}
errors++;
}
}
}
else {
const err80 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err80];
}
else {
vErrors.push(err80);
}
errors++;
}
validate20.errors = vErrors;
return errors === 0;
}
validate20.evaluated = {"props":{"schema_version":true,"architecture":true,"package_set":true,"generated":true,"generator":true,"manifest_digest":true,"requested":true,"ignored":true,"repositories":true,"packages":true},"dynamicProps":false,"dynamicItems":false};
