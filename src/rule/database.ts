export { databasesIn } from '#model/database.ts';
