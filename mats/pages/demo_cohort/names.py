"""Names of the demo's people. They are made up; given and family names were drawn apart."""

# ruff: noqa: SIM905 - names read better as text than as a list of strings

from __future__ import annotations

from collections.abc import Iterator

GIVEN = """
Adaeze Agnes Aiko Alba Alejandro Amara Amir Ana Anders Anika Aoife Arjun Asha Aylin Beatriz Bilal Bruno Camille Carlos
Chiara Chidi Clara Daniela Darius Deniz Dina Edith Elena Elias Emeka Emil Esther Fatima Felix Femi Freya Gabriel Giulia
Hana Hassan Helga Hugo Ines Ingrid Isaac Ishan Ivana Jamal Jana Jin Joana Jonas Julia Kaito Karim Katya Keiko Kofi Lars
Laila Leon Lin Linnea Lucia Magnus Maja Malik Marek Maren Marta Mateo Mei Mila Minh Nadia Naomi Nikhil Nils Nora Olena
Omar Oskar Paula Pedro Petra Priya Rafael Rania Ravi Rosa Ruben Sabine Salma Samir Sara Selin Sofia Soren Tariq Thea
Tomas Uma Valeria Viktor Wanjiru Wei Yara Yusuf Zainab Zofia
""".split()

FAMILY = """
Abara Achterberg Adeyemi Almeida Andersen Arslan Banerjee Bergstrom Bianchi Boateng Brandt Castillo Cerny Chaudhry
Chen Costa Dahl Demir Diallo Dubois Eriksen Farouk Ferrari Fischer Fonseca Garcia Gupta Hakimi Haddad Hansen Hoang
Horvat Ibrahim Ito Iyer Jansen Jimenez Kamara Kaplan Karlsson Kato Kim Kovac Kowalska Kumar Laine Larsen Lefevre Lim
Lindqvist Lopez Malik Marchetti Mbeki Mendoza Mensah Moreau Mwangi Nakamura Navarro Ng Nguyen Novak Nowak Nyberg Obi
Okafor Oliveira Osei Ozturk Park Patel Pereira Petrov Quiroga Rahman Ramos Reyes Rossi Saito Santos Schmidt Sharma
Silva Singh Sokolov Suzuki Takahashi Tanaka Tran Vargas Vasquez Virtanen Wagner Wang Weber Wolff Yamada Yilmaz Zhang
Zimmermann
""".split()


def names() -> Iterator[str]:
    """Given and family names, paired by two strides that share no factor with the lengths: no
    pair comes twice within their product (about nine thousand)."""
    for turn in range(len(GIVEN) * len(FAMILY)):
        yield f"{GIVEN[turn * 37 % len(GIVEN)]} {FAMILY[(turn * 29 + turn // len(GIVEN)) % len(FAMILY)]}"
