// How a verb changes who is let in: the service's own functions, called here or through its API. Decides nothing itself.

import type { Config } from '../config/schema.ts';
import { people, type PeopleHands } from '../serve/auth/people.ts';
import type { Store } from '../store/store.ts';
import { callService, type Address } from './running.ts';

type Changes = Omit<PeopleHands, 'list'>;
export type PeopleCalls = {
  [K in keyof Changes]: (...given: Parameters<Changes[K]>) => Promise<ReturnType<Changes[K]>>;
};

export function peopleByHand(store: Store, { instruments }: Pick<Config, 'instruments'>): PeopleCalls {
  const hands = people(store, instruments.map(({ name }) => name)); // prettier-ignore
  return {
    addUser: async (user, by) => hands.addUser(user, by),
    changeUser: async (id, change, by) => hands.changeUser(id, change, by),
    passwordLink: async (id, by) => hands.passwordLink(id, by),
    firstManagerLink: async (by) => hands.firstManagerLink(by),
    addToken: async (token, by) => hands.addToken(token, by),
    revokeToken: async (id, by) => hands.revokeToken(id, by),
    pair: async (station, by) => hands.pair(station, by),
    revokeStation: async (id, by) => hands.revokeStation(id, by),
  };
}

export function peopleByService(service: Address): PeopleCalls {
  const post = async <T>(path: string, body: object) =>
    (await callService(service, `/api/people/${path}`, body)) as T;
  return {
    addUser: (user, by) => post('users', { ...user, by }),
    changeUser: (id, change, by) => post(`users/${id}`, { ...change, by }),
    passwordLink: (id, by) => post(`users/${id}/link`, { by }),
    firstManagerLink: (by) => post('first-manager', { by }),
    addToken: (token, by) => post('tokens', { ...token, by }),
    revokeToken: (id, by) => post(`tokens/${id}/revoke`, { by }),
    pair: (station, by) => post('stations', { ...station, by }),
    revokeStation: (id, by) => post(`stations/${id}/revoke`, { by }),
  };
}
