// Statements whose text depends on what is asked: prepared once a text, not once a call. The texts are built from fixed parts, never from values.

import type Database from 'better-sqlite3';
import type { Db } from './open.ts';

export function statements(db: Db): (sql: string) => Database.Statement {
  const prepared = new Map<string, Database.Statement>();
  return (sql) => {
    const statement = prepared.get(sql) ?? db.prepare(sql);
    prepared.set(sql, statement);
    return statement;
  };
}
